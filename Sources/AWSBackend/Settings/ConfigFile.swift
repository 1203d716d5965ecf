import Model
import Signing
import Text

/// The sections of one file, under the names by which the AWS CLI finds them.
struct ConfigFile: Sendable {
  private(set) var profiles: [Untrusted: ConfigSection] = [:]
  private(set) var ssoSessions: [Untrusted: ConfigSection] = [:]
  private(set) var services: [Untrusted: ConfigSection] = [:]
  /// The remarks on what has no effect, in the order of the lines.
  private(set) var remarks: [ConfigRemark]

  /// Names the sections of a file.
  ///
  /// If two headers mean the same profile (`[default]` and `[profile default]`), only the last one
  /// counts, as in the AWS CLI.
  init(_ sections: [ConfigSectionText], of source: ConfigSource, remarks: [ConfigRemark]) {
    self.remarks = remarks
    let inherited = sections.first { $0.header == Self.inherited }?.properties ?? [:]
    for section in sections.sorted(by: { $0.lastLine < $1.lastLine })
    where section.header != Self.inherited {
      take(section, of: source, inherited)
    }
    self.remarks.sort { $0.line < $1.line }
  }

  /// The section `[DEFAULT]`, whose keys apply to every section that does not set them itself.
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

/// The meaning of a section, from the text between its brackets.
enum ConfigHeader: Hashable, Sendable {
  case profile(Untrusted)
  case ssoSession(Untrusted)
  case services(Untrusted)
  /// A section that is ignored, with the reason.
  case passedOver(String)

  /// Parses a header.
  ///
  /// In the credentials file every section is a profile with exactly that name. In the config file
  /// the header is split into words as a shell does it, so a name with blanks needs quotes.
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

/// A section as it was read, before its header is parsed.
struct ConfigSectionText: Sendable {
  /// The text between the brackets.
  let header: Untrusted
  /// The lines of its first header and of its last one.
  let line: Int
  var lastLine: Int
  var properties: [String: ConfigProperty] = [:]
}

/// A remark on something in a file that has no effect, for an operator who wonders why.
public struct ConfigRemark: Hashable, Sendable {
  /// The file and line.
  public let origin: SettingOrigin
  let line: Int
  /// The text between the brackets of the section that the remark is about.
  public let header: Untrusted
  /// The reason, in one clause.
  public let words: String

  init(_ origin: SettingOrigin, line: Int, header: Untrusted, words: String) {
    self.origin = origin
    self.line = line
    self.header = header
    self.words = words
  }

  /// The remark with its line: `line 12 [profile Acme Prod]: a name with blanks needs quotes`.
  public var text: Untrusted {
    Untrusted(
      bytes: Array("line \(line) [".utf8) + header.bytes + Array("]: \(words)".utf8))
  }
}

/// A profile, an `sso-session` or a `services` section, merged from all its places.
public struct ConfigSection: Hashable, Sendable {
  /// The name as its file has it; to be sanitised.
  public let name: String
  var properties: [String: ConfigProperty] = [:]

  init(_ name: String) { self.name = name }

  /// The keys that are set, in lower case, sorted.
  public var keys: [String] { properties.keys.sorted() }

  /// Returns a value that may be shown; nil if the key is not set, its value is empty or secret.
  ///
  /// A value of several lines contains line feeds.
  public func text(_ key: String) -> Located<Untrusted>? {
    guard let property = properties[key], case .text(let value) = property.value, !value.isEmpty
    else { return nil }
    return Located(value, property.origin)
  }

  /// Returns a secret value; nil if the key is not set, its value is empty or not secret.
  public func secret(_ key: String) -> Located<Secret>? {
    guard let property = properties[key], case .secret(let value) = property.value, !value.isEmpty
    else { return nil }
    return Located(value, property.origin)
  }

  /// Returns whether the key has a value that is not empty.
  public func has(_ key: String) -> Bool { text(key) != nil || secret(key) != nil }

  /// Returns a value that is indented under a key without a value of its own.
  ///
  /// An example is `organizations =` ⏎ `  endpoint_url = …`. Nil if there is none or it is empty.
  public func text(_ key: String, _ subkey: String) -> Located<Untrusted>? {
    guard let property = properties[key],
      let found = property.subproperties.last(where: { $0.name == subkey }), !found.value.isEmpty
    else { return nil }
    return Located(found.value, found.origin)
  }

  /// Adds the other section's keys, which replace those of the same name.
  mutating func merge(_ other: ConfigSection) {
    properties.merge(other.properties) { _, new in new }
  }
}

/// The value of one key, with its origin.
struct ConfigProperty: Hashable, Sendable {
  enum Value: Hashable, Sendable {
    case text(Untrusted)
    case secret(Secret)
  }

  struct Subproperty: Hashable, Sendable {
    /// The name in lower case.
    let name: String
    let value: Untrusted
    let origin: SettingOrigin
  }

  var value: Value
  let origin: SettingOrigin
  var subproperties: [Subproperty] = []

  /// The keys, in lower case, whose values are never shown.
  static let secretKeys: Set<String> = [
    "aws_secret_access_key", "aws_session_token", "aws_security_token",
  ]
}
