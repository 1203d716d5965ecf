import Model
import Signing
import Text

/// The profiles and other sections of one file, under the names that the AWS CLI knows them by.
struct ConfigFile: Sendable {
  private(set) var profiles: [Untrusted: ConfigSection] = [:]
  private(set) var ssoSessions: [Untrusted: ConfigSection] = [:]
  private(set) var services: [Untrusted: ConfigSection] = [:]
  /// What has no effect, in the order of the lines.
  private(set) var remarks: [ConfigRemark]

  /// Names the sections of a file. Of two headers that mean the same profile (`[default]` and
  /// `[profile default]`), the one that stands last holds alone, as in the AWS CLI.
  init(_ sections: [ConfigSectionText], of source: ConfigSource, remarks: [ConfigRemark]) {
    self.remarks = remarks
    let inherited = sections.first { $0.header == Self.inherited }?.properties ?? [:]
    for section in sections.sorted(by: { $0.lastLine < $1.lastLine })
    where section.header != Self.inherited {
      take(section, of: source, inherited)
    }
    self.remarks.sort { $0.line < $1.line }
  }

  /// `[DEFAULT]`, whose keys every section has that does not set them itself.
  private static let inherited = Untrusted("DEFAULT")

  private mutating func take(
    _ text: ConfigSectionText, of source: ConfigSource, _ inherited: [String: ConfigProperty]
  ) {
    func section(_ name: Untrusted) -> ConfigSection {
      var section = ConfigSection(String(decoding: name.bytes, as: UTF8.self))
      section.properties = text.properties
      if !inherited.isEmpty { section.properties.merge(inherited) { own, _ in own } }
      return section
    }
    func remark(_ words: String) {
      remarks.append(
        ConfigRemark(
          .line(text.line, of: source), line: text.line, header: text.header, words: words))
    }
    switch ConfigHeader(text.header, in: source.kind) {
    case .profile(let name):
      if profiles.updateValue(section(name), forKey: name) != nil {
        remark("it says a profile again that stands above it, and holds in its place")
      }
    case .ssoSession(let name): ssoSessions[name] = section(name)
    case .services(let name): services[name] = section(name)
    case .passedOver(let words): remark(words)
    }
  }
}

/// What a section is, by the text between its brackets.
enum ConfigHeader: Hashable, Sendable {
  case profile(Untrusted)
  case ssoSession(Untrusted)
  case services(Untrusted)
  /// A section that is ignored, with the reason.
  case passedOver(String)

  /// In the credentials file every section is a profile of that very name. In the config file the header
  /// is split as a shell splits words, so a name with blanks needs quotes.
  init(_ text: Untrusted, in kind: ConfigSource.Kind) {
    if kind == .credentials {
      self = .profile(text)
      return
    }
    if text == Untrusted("default") {
      self = .profile(text)
      return
    }
    let make: (Untrusted) -> ConfigHeader
    if text.bytes.starts(with: "profile".utf8) {
      make = ConfigHeader.profile
    } else if text.bytes.starts(with: "sso-session".utf8) {
      make = ConfigHeader.ssoSession
    } else if text.bytes.starts(with: "services".utf8) {
      make = ConfigHeader.services
    } else {
      self = .passedOver("no section of a profile, a session or services")
      return
    }
    guard let words = CommandLineSplit.arguments(text.bytes) else {
      self = .passedOver("missing closing quote")
      return
    }
    self =
      switch words.count {
      case 1: .passedOver("no name")
      case 2 where words[1].isEmpty: .passedOver("no name")
      case 2: make(Untrusted(bytes: words[1]))
      default: .passedOver("a name with blanks needs quotes")
      }
  }
}

/// One section as it was read, before its header is understood.
struct ConfigSectionText: Sendable {
  /// Between the brackets.
  let header: Untrusted
  /// Of its first header, and of its last one.
  let line: Int
  var lastLine: Int
  var properties: [String: ConfigProperty] = [:]
}

/// Something in a file that has no effect, for whoever wonders why.
public struct ConfigRemark: Hashable, Sendable {
  public let origin: Origin
  let line: Int
  /// Between the brackets of the section that it is about.
  public let header: Untrusted
  public let words: String

  init(_ origin: Origin, line: Int, header: Untrusted, words: String) {
    self.origin = origin
    self.line = line
    self.header = header
    self.words = words
  }

  /// `line 12 [profile Acme Prod]: more than one word; …`. To be sanitised.
  public var text: Untrusted {
    Untrusted(
      bytes: Array("line \(line) [".utf8) + header.bytes + Array("]: \(words)".utf8))
  }
}

/// A profile, an `sso-session` or a `services` section, with the keys of all its places merged.
public struct ConfigSection: Hashable, Sendable {
  /// As its file has it; to be sanitised.
  public let name: String
  var properties: [String: ConfigProperty] = [:]

  init(_ name: String) { self.name = name }

  /// The keys that were set, in lower case, sorted.
  public var keys: [String] { properties.keys.sorted() }

  /// A value that may be shown. Nil when the key is not set or blank, or its value is secret. A value
  /// of several lines has line feeds in it.
  public func text(_ key: String) -> Located<Untrusted>? {
    guard let property = properties[key], case .text(let value) = property.value, !value.isEmpty
    else { return nil }
    return Located(value, property.origin)
  }

  /// The value of a key whose values are secret; nil when it is not set or blank.
  public func secret(_ key: String) -> Located<Secret>? {
    guard let property = properties[key], case .secret(let value) = property.value, !value.isEmpty
    else { return nil }
    return Located(value, property.origin)
  }

  /// Whether the key has a value.
  public func has(_ key: String) -> Bool { text(key) != nil || secret(key) != nil }

  /// What is indented under a key without a value of its own: `organizations =` ⏎ `  endpoint_url = …`.
  public func text(_ key: String, _ subkey: String) -> Located<Untrusted>? {
    guard let property = properties[key],
      let found = property.subproperties.last(where: { $0.name == subkey }), !found.value.isEmpty
    else { return nil }
    return Located(found.value, found.origin)
  }

  /// The other section's keys win.
  mutating func merge(_ other: ConfigSection) {
    properties.merge(other.properties) { _, new in new }
  }
}

/// The value of one key.
struct ConfigProperty: Hashable, Sendable {
  enum Value: Hashable, Sendable {
    case text(Untrusted)
    case secret(Secret)
  }

  struct Subproperty: Hashable, Sendable {
    /// In lower case.
    let name: String
    let value: Untrusted
    let origin: Origin
  }

  var value: Value
  let origin: Origin
  var subproperties: [Subproperty] = []

  /// Keys whose values are never shown, compared in lower case.
  static let secretKeys: Set<String> = [
    "aws_secret_access_key", "aws_session_token", "aws_security_token",
  ]
}
