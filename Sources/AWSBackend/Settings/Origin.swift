import Machine
import Model
import Text

/// Where a setting was said.
public enum Origin: Hashable, Sendable {
  /// On our own command line or in our own configuration: the option's name, `--profile`.
  case option(String)
  /// An environment variable, by its name.
  case variable(String)
  /// A line of one of the AWS CLI's files.
  case line(Int, of: ConfigSource)
  /// Nobody said it.
  case builtIn

  /// `AWS_REGION`, `~/.aws/config line 12`, `built in`. To be sanitised: paths are the system's.
  public var text: Untrusted {
    switch self {
    case .option(let name), .variable(let name): Untrusted(name)
    case .line(let number, let source):
      Untrusted(bytes: source.shownPath.bytes + Array(" line \(number)".utf8))
    case .builtIn: Untrusted("built in")
    }
  }

  /// Whether it stands in the credentials file, whose keys come before other sources of a profile.
  public var isCredentialsFile: Bool {
    if case .line(_, let source) = self { source.kind == .credentials } else { false }
  }

  /// Whether the operator said it to this program itself.
  public var isOption: Bool {
    if case .option = self { true } else { false }
  }
}

/// One of the two files.
public struct ConfigSource: Hashable, Sendable {
  public var kind: Kind
  /// Absolute, or as the variable that names it says.
  public var path: String
  /// The path as people write it, with `~` for their home.
  public var shownPath: Untrusted
  /// Who else than this user and root decides what was read there; nil when nobody does.
  public var doubt: PathDoubt?

  public init(_ kind: Kind, path: String, home: String) {
    self.kind = kind
    self.path = path
    let prefix = home.hasSuffix("/") ? home : home + "/"
    let isBelowHome = home.utf8.count > 1 && path.utf8.starts(with: prefix.utf8)
    shownPath =
      isBelowHome
      ? Untrusted(bytes: Array("~/".utf8) + path.utf8.dropFirst(prefix.utf8.count))
      : Untrusted(path)
  }

  public enum Kind: String, Hashable, CaseIterable, Sendable {
    /// `[profile X]`, `[sso-session X]`, `[services X]`.
    case config
    /// `[X]`.
    case credentials
  }
}

/// A setting's value and where it was said.
public struct Located<Value> {
  public var value: Value
  public var origin: Origin

  public init(_ value: Value, _ origin: Origin) {
    self.value = value
    self.origin = origin
  }

  public func map<Other>(_ transform: (Value) -> Other) -> Located<Other> {
    Located<Other>(transform(value), origin)
  }
}

extension Located: Sendable where Value: Sendable {}
extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}

extension Origin {
  /// The fault of a setting that was said here. `key`: its name in the file.
  func fault(_ key: String, _ detail: String) -> SettingsFault {
    fault(key, Untrusted(detail))
  }

  func fault(_ key: String, _ detail: Untrusted) -> SettingsFault {
    switch self {
    case .option(let name):
      SettingsFault(Untrusted(name), origin: Untrusted("command line"), detail: detail)
    case .variable(let name):
      SettingsFault(Untrusted(name), origin: Untrusted("environment"), detail: detail)
    case .line, .builtIn:
      SettingsFault(Untrusted(key), origin: text, detail: detail)
    }
  }
}

extension Untrusted {
  /// `said "value"`, for the detail of a fault. Never for what may be secret.
  static func detail(_ said: String, _ value: Untrusted) -> Untrusted {
    Untrusted(bytes: Array("\(said) \"".utf8) + value.bytes + Array("\"".utf8))
  }
}
