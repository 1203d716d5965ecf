import Arguments
import Model

/// A setting: everything that is known of it but its use.
///
/// The configuration file's keys, the variables, the flags with their help and completion, the rows
/// of `info`, the man page and docs/configuration.md follow from these rows. To add a setting, add
/// a row here and a property that reads it in `Settings`.
struct SettingRow: Hashable, Sendable {
  /// The name in `config.toml` and in `info`.
  var key: String
  var kind: Kind
  /// The value that the setting has unless something sets it; nil for none.
  var initial: Value?
  /// What `info` prints when there is no value.
  var blank = "none"
  var isInFile = true
  /// Whether `info` prints it.
  var isListed = true
  var variable: Variable?
  var flag: Flag?
  /// One sentence or two, for the help, the man page and docs/configuration.md.
  var help: String

  /// A value as the file, a variable or a flag gives it.
  enum Value: Hashable, Sendable {
    case boolean(Bool)
    case number(Int)
    case text(String)
    case list([String])

    var boolean: Bool? { if case .boolean(let isOn) = self { isOn } else { nil } }
    var number: Int? { if case .number(let number) = self { number } else { nil } }
    var text: String? { if case .text(let text) = self { text } else { nil } }
    var list: [String]? { if case .list(let texts) = self { texts } else { nil } }
  }

  /// The environment variable that sets a setting; an empty one counts as not set.
  struct Variable: Hashable, Sendable {
    var name: String
    var effect = Effect.gives
    /// What the man page says; nil for the setting's own help.
    var help: String?

    enum Effect: Hashable, Sendable {
      /// It contains the setting's value.
      case gives
      /// Its presence sets this value.
      case sets(Value)
      /// Its presence sets this value, which the configuration file overrides.
      case suggests(Value)
    }
  }

  /// The option of the command line that sets a setting.
  struct Flag: Hashable, Sendable {
    /// The name with its dashes.
    var name: String
    /// The name of its value in the help; nil for an option without a value.
    var value: String?
    var completion = Completion.none
  }
}

extension SettingRow {
  /// All settings, in the order of `info` and of the help.
  static let all: [SettingRow] = [
    SettingRow(
      key: "backend", kind: .choice(BackendName.allCases.map(\.rawValue)), initial: .text("auto"),
      flag: Flag(name: "--backend", value: "local|aws|auto"),
      help: "The service: the embedded organization, AWS, or auto: AWS if configured, else local."),
    SettingRow(
      key: "profiles", kind: .names("profile names"), initial: .list([]), blank: "default",
      flag: Flag(name: "--profile", value: "name", completion: .dynamic("profiles")),
      help: "A profile of the AWS CLI to use; repeat it for one inbox over several accounts."),
    SettingRow(
      key: "region", kind: .text("a region"), blank: "the profile's",
      flag: Flag(name: "--region", value: "region"),
      help: "The AWS region, instead of the profile's."),
    SettingRow(
      key: "endpoint_url", kind: .text("a URL"),
      flag: Flag(name: "--endpoint-url", value: "url"),
      help: "The endpoint of AWS's services: https, or http on this machine."),
    SettingRow(
      key: "store", kind: .path, variable: Variable(name: "HANDSHAKE_STORE"),
      flag: Flag(name: "--store", value: "file", completion: .files(nil)),
      help: "The embedded organization's file."),
    SettingRow(
      key: "account", kind: .account, blank: "all", variable: Variable(name: "HANDSHAKE_ACCOUNT"),
      flag: Flag(name: "--account", value: "id", completion: .dynamic("accounts")),
      help: "Use only this account."),
    SettingRow(
      key: "input", kind: .input, isInFile: false,
      flag: Flag(name: "--input", value: "file|-", completion: .files(nil)),
      help: "Show a document saved from the AWS CLI, read-only. - is standard input."),
    SettingRow(
      key: "read_only", kind: .boolean, initial: .boolean(false), flag: Flag(name: "--read-only"),
      help: "Never send anything."),
    SettingRow(
      key: "write", kind: .boolean, initial: .boolean(false), flag: Flag(name: "--write"),
      help: "AWS: allow the screens to send. Commands that answer do not need it."),
    SettingRow(
      key: "ascii", kind: .boolean, initial: .boolean(false), flag: Flag(name: "--ascii"),
      help: "Use ASCII characters only."),
    SettingRow(
      key: "no_color", kind: .boolean, initial: .boolean(false), isInFile: false,
      variable: Variable(
        name: "NO_COLOR", effect: .sets(.boolean(true)), help: "If not empty, no colours."),
      help: "No colours."),
    SettingRow(
      key: "esc_delay", kind: .number(1...2_000), initial: .number(50),
      variable: Variable(
        name: "SSH_TTY", effect: .suggests(.number(300)),
        help: "If set, a longer timeout separates Escape from key sequences."),
      help: "Milliseconds to wait for the rest of a key sequence after Escape."),
    SettingRow(
      key: "grace", kind: .number(0...60), initial: .number(5),
      help: "Seconds between a confirmation and the request, in which any key stops it."),
    SettingRow(
      key: "log", kind: .path, flag: Flag(name: "--log", value: "file", completion: .files(nil)),
      help: "Append to this log: JSON lines, rotated at 10 MiB."),
    SettingRow(
      key: "config", kind: .path, isInFile: false, isListed: false,
      flag: Flag(name: "--config", value: "file", completion: .files("toml")),
      help: "The configuration file, instead of config.toml."),
    SettingRow(
      key: "json", kind: .boolean, initial: .boolean(false), isInFile: false, isListed: false,
      flag: Flag(name: "--json"), help: "Print JSON, as the AWS CLI does."),
    SettingRow(
      key: "plain", kind: .boolean, initial: .boolean(false), isInFile: false, isListed: false,
      flag: Flag(name: "--plain"),
      help: "One fact per line, without alignment, for screen readers."),
  ]
}

/// The service that is used.
enum BackendName: String, CaseIterable, Sendable {
  case local
  case aws
  case auto
}

extension SettingRow {
  /// The values that a setting accepts.
  enum Kind: Hashable, Sendable {
    case boolean
    case number(ClosedRange<Int>)
    /// Any text without NUL; the words name one, such as "a region".
    case text(String)
    /// At least one text; the words name them, such as "profile names".
    case names(String)
    case path
    /// A path, or `-` for standard input.
    case input
    /// An account id, as text.
    case account
    case choice([String])

    /// Returns the value in the configuration file; nil when it is not one of these.
    ///
    /// A relative path is refused: the file in use must not depend on the current directory.
    func value(_ toml: TOMLValue) -> Value? {
      switch (self, toml) {
      case (.boolean, .boolean(let isOn)): return .boolean(isOn)
      case (.number(let range), .integer(let number)):
        return Int(exactly: number).flatMap { range.contains($0) ? .number($0) : nil }
      case (.names, .list(let values)):
        let names = values.compactMap(\.text).filter(Self.isUsable)
        return values.isEmpty || names.count < values.count ? nil : .list(names)
      case (.path, .text(let path)), (.input, .text(let path)):
        let isWhole = path.utf8.starts(with: "/".utf8) || path.utf8.starts(with: "~/".utf8)
        return isWhole && Self.isUsable(path) ? .text(path) : nil
      case (.text, .text(let text)), (.account, .text(let text)), (.choice, .text(let text)):
        return value([text])
      default: return nil
      }
    }

    /// Returns the value that a variable or the occurrences of a flag give; nil when it is invalid.
    func value(_ texts: [String]) -> Value? {
      if case .names = self { return texts.allSatisfy(Self.isUsable) ? .list(texts) : nil }
      guard let text = texts.last else { return self == .boolean ? .boolean(true) : nil }
      switch self {
      case .boolean: return ["true": .boolean(true), "false": .boolean(false)][text]
      case .number(let range):
        return Int(text).flatMap { range.contains($0) ? .number($0) : nil }
      // An empty path would be the current directory.
      case .text, .names, .path, .input: return Self.isUsable(text) ? .text(text) : nil
      case .account: return AccountID(text).map { .text($0.text) }
      case .choice(let names): return names.contains(text) ? .text(text) : nil
      }
    }

    /// Whether the system uses the text as it is: it reads names only up to a NUL.
    private static func isUsable(_ text: String) -> Bool {
      !text.isEmpty && !text.utf8.contains(0)
    }

    var isList: Bool { if case .names = self { true } else { false } }

    /// What to write into the configuration file.
    var expectedInFile: String {
      switch self {
      case .boolean: "true or false"
      case .number: noun
      case .text(let noun): "\(noun) in quotes"
      case .names(let nouns): "a list of \(nouns) in quotes"
      case .path, .input: "an absolute path in quotes, or one that begins with ~/"
      case .account: "an account id: 12 digits in quotes"
      case .choice(let names): Self.joined(names.map { "\"\($0)\"" })
      }
    }

    /// What a variable or a flag must contain.
    var noun: String {
      switch self {
      case .boolean: "true or false"
      case .number(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
      case .text(let noun): noun
      case .names(let nouns): nouns
      case .path, .input: "a path"
      case .account: "an account id"
      case .choice(let names): Self.joined(names)
      }
    }

    /// The type in docs/configuration.md.
    var type: String {
      switch self {
      case .boolean: "boolean"
      case .number(let range): "\(range.lowerBound) to \(range.upperBound)"
      case .text: "text in quotes"
      case .names: "list of names in quotes"
      case .path, .input: "absolute path, or `~/…`"
      case .account: "12 digits in quotes"
      case .choice(let names): names.map { "`\"\($0)\"`" }.joined(separator: ", ")
      }
    }

    private static func joined(_ names: [String]) -> String {
      guard let last = names.last, names.count > 1 else { return names.first ?? "" }
      return names.dropLast().joined(separator: ", ") + " or " + last
    }
  }
}

/// The source of a setting's value.
enum Origin: Hashable, Sendable {
  case builtIn
  /// This line of the configuration.
  case file(path: String, line: Int)
  case environment(String)
  case flag(String)
  /// The file `read-only` beside the configuration.
  case marker(path: String)
  /// The marker could not be looked up, for a reason other than that it is missing; it counts as
  /// present.
  case hiddenMarker(path: String, errno: Int32)

  func text(_ format: Formatter) -> String {
    switch self {
    case .builtIn: "default"
    case .file(let path, let line): format.full(path) + ":\(line)"
    case .environment(let name): name
    case .flag(let name): name
    case .marker(let path): format.full(path)
    case .hiddenMarker(let path, let number):
      "\(format.full(path)) cannot be checked: \(SystemError(number).words)"
    }
  }
}

/// A value and its source.
struct Setting<Value: Hashable & Sendable>: Hashable, Sendable {
  var value: Value
  var origin: Origin

  init(_ value: Value, _ origin: Origin = .builtIn) {
    self.value = value
    self.origin = origin
  }
}
