import Model
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
