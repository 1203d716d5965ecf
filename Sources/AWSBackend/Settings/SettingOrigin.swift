import Model
import Platform
import Text

/// The place where a setting was made.
public enum SettingOrigin: Hashable, Sendable {
  /// Our own command line or configuration; the text is the option's name, such as `--profile`.
  case option(String)
  /// An environment variable, by its name.
  case variable(String)
  /// A line of one of the AWS CLI's files.
  case line(Int, of: ConfigSource)
  /// The default; the setting was not made.
  case builtIn

  /// The text for people: `AWS_REGION`, `~/.aws/config line 12`, `built in`.
  ///
  /// To be sanitised, since paths are the system's.
  public var text: Untrusted {
    switch self {
    case .option(let name), .variable(let name): Untrusted(name)
    case .line(let number, let source):
      Untrusted(bytes: source.shownPath.bytes + Array(" line \(number)".utf8))
    case .builtIn: Untrusted("built in")
    }
  }

  /// Whether the setting is in the credentials file, whose keys take precedence over a profile's
  /// other sources.
  public var isCredentialsFile: Bool {
    if case .line(_, let source) = self { source.kind == .credentials } else { false }
  }

  /// Whether the operator set it for this program.
  public var isOption: Bool {
    if case .option = self { true } else { false }
  }
}

/// One of the AWS CLI's two files.
public struct ConfigSource: Hashable, Sendable {
  /// The kind of file, which decides the form of its headers.
  public var kind: Kind
  /// The path: absolute, or as the variable that names the file has it.
  public var path: String
  /// The path for people, with `~` for their home directory.
  public var shownPath: Untrusted
  /// The other users who can change the file, apart from this user and root; nil if there are none.
  public var doubt: PathDoubt?

  /// Creates a source; `home` is the directory that is shown as `~`.
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

  /// The kinds of files.
  public enum Kind: String, Hashable, CaseIterable, Sendable {
    /// The config file, with `[profile X]`, `[sso-session X]` and `[services X]`.
    case config
    /// The credentials file, with `[X]`.
    case credentials
  }
}

/// A setting's value with its origin.
public struct Located<Value> {
  /// The value, as it was read or converted.
  public var value: Value
  /// The place where the value was set.
  public var origin: SettingOrigin

  /// Creates a value of this origin.
  public init(_ value: Value, _ origin: SettingOrigin) {
    self.value = value
    self.origin = origin
  }

  /// Returns the transformed value with the same origin.
  public func map<Other>(_ transform: (Value) -> Other) -> Located<Other> {
    Located<Other>(transform(value), origin)
  }
}

extension Located: Sendable where Value: Sendable {}
extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}

extension SettingOrigin {
  /// Returns the fault of a setting made here; `key` is its name in the file.
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
  /// Returns `said "value"`, for the detail of a fault; never for a value that may be secret.
  static func detail(_ said: String, _ value: Untrusted) -> Untrusted {
    Untrusted(bytes: Array("\(said) \"".utf8) + value.bytes + Array("\"".utf8))
  }
}
