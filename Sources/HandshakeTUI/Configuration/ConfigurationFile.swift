import ArgumentParser
import Model

/// The contents of `config.toml`, which is read and never written.
///
/// | key | type | meaning |
/// |---|---|---|
/// | `backend` | `"local"`, `"aws"`, `"auto"` | the service |
/// | `profiles` | list of names | AWS: read and act through these profiles of the AWS CLI |
/// | `region` | name | AWS: the region, instead of the profile's |
/// | `endpoint_url` | URL | AWS: send requests here |
/// | `store` | absolute path or `~/…` | the embedded organization's file |
/// | `account` | 12 digits | read and act as this account only |
/// | `read_only` | boolean | never send anything |
/// | `write` | boolean | live AWS: let the screens send |
/// | `ascii` | boolean | ASCII characters only |
/// | `esc_delay` | 1…2000 | milliseconds that distinguish Escape from a key's sequence |
/// | `grace` | 0…60 | seconds in which any key stops what was confirmed |
/// | `log` | absolute path or `~/…` | append to this log |
struct ConfigurationFile: Hashable, Sendable {
  var path: String
  var backend: Setting<BackendName>?
  var profiles: Setting<[String]>?
  var region: Setting<String>?
  var endpointURL: Setting<String>?
  var store: Setting<String>?
  var account: Setting<AccountID>?
  var readOnly: Setting<Bool>?
  var write: Setting<Bool>?
  var ascii: Setting<Bool>?
  var escDelay: Setting<Int>?
  var grace: Setting<Int>?
  var log: Setting<String>?

  enum Key: String, CaseIterable {
    case backend
    case profiles
    case region
    case endpointURL = "endpoint_url"
    case store
    case account
    case readOnly = "read_only"
    case write
    case ascii
    case escDelay = "esc_delay"
    case grace
    case log
  }

  /// Creates a configuration without settings.
  init(path: String) {
    self.path = path
  }

  /// Parses a whole file; anything unknown is an error.
  ///
  /// - Throws: `ConfigurationError` for invalid TOML, or for an unknown key, an invalid value or a
  ///   table; the first of the keys' errors in the order of the file.
  init(path: String, bytes: [UInt8]) throws(ConfigurationError) {
    self.path = path
    let document: TOMLDocument
    do throws(TOMLError) {
      document = try TOMLDocument(bytes)
    } catch {
      throw ConfigurationError(path: path, line: error.line, problem: .syntax(error.problem))
    }
    // In the order of the file, so that it is corrected from top to bottom.
    for entry in document.root.entries {
      guard let key = Key(rawValue: entry.key) else {
        throw ConfigurationError(path: path, line: entry.line, problem: .unknownKey(entry.key))
      }
      do throws(Mismatch) {
        try take(key, entry.value, .file(path: path, line: entry.line))
      } catch {
        throw ConfigurationError(
          path: path, line: entry.line, problem: .wrongValue(entry.key, expected: error.expected))
      }
    }
    if let table = document.tables.first {
      throw ConfigurationError(path: path, line: table.line, problem: .unknownTable(table.name))
    }
  }

  /// An error for a value that its key does not accept.
  private struct Mismatch: Error { var expected: String }

  private mutating func take(
    _ key: Key, _ value: TOMLValue, _ origin: Origin
  ) throws(Mismatch) {
    switch key {
    case .backend:
      guard let name = value.text.flatMap({ BackendName(rawValue: $0) }) else {
        throw Mismatch(expected: "\"local\", \"aws\" or \"auto\"")
      }
      backend = Setting(name, origin)
    case .profiles: profiles = Setting(try names(value), origin)
    case .region: region = Setting(try text(value, "a region in quotes"), origin)
    case .endpointURL: endpointURL = Setting(try text(value, "a URL in quotes"), origin)
    case .store: store = Setting(try absolutePath(value), origin)
    case .account:
      guard let id = value.text.flatMap({ AccountID($0) }) else {
        throw Mismatch(expected: "an account id: 12 digits in quotes")
      }
      account = Setting(id, origin)
    case .readOnly: readOnly = Setting(try flag(value), origin)
    case .write: write = Setting(try flag(value), origin)
    case .ascii: ascii = Setting(try flag(value), origin)
    case .escDelay: escDelay = Setting(try number(value, in: 1...2_000), origin)
    case .grace: grace = Setting(try number(value, in: 0...60), origin)
    case .log: log = Setting(try absolutePath(value), origin)
    }
  }

  private func flag(_ value: TOMLValue) throws(Mismatch) -> Bool {
    guard case .boolean(let flag) = value else { throw Mismatch(expected: "true or false") }
    return flag
  }

  private func text(
    _ value: TOMLValue, _ expected: String
  ) throws(Mismatch) -> String {
    guard let text = value.text, isUsable(text) else { throw Mismatch(expected: expected) }
    return text
  }

  private func names(_ value: TOMLValue) throws(Mismatch) -> [String] {
    guard case .list(let values) = value, !values.isEmpty,
      values.allSatisfy({ $0.text.map(isUsable) ?? false })
    else { throw Mismatch(expected: "a list of profile names in quotes") }
    return values.compactMap(\.text)
  }

  private func number(
    _ value: TOMLValue, in range: ClosedRange<Int>
  ) throws(Mismatch) -> Int {
    guard case .integer(let number) = value, let number = Int(exactly: number),
      range.contains(number)
    else {
      throw Mismatch(
        expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// Returns an absolute path, or one that begins with `~/`.
  ///
  /// A relative one is refused: the file in use must not depend on the current directory.
  private func absolutePath(_ value: TOMLValue) throws(Mismatch) -> String {
    guard let path = value.text,
      path.utf8.starts(with: "/".utf8) || path.utf8.starts(with: "~/".utf8), isUsable(path)
    else {
      throw Mismatch(expected: "an absolute path in quotes, or one that begins with ~/")
    }
    return path
  }

  /// Whether the system uses the text as it is: it reads names only up to a NUL.
  private func isUsable(_ text: String) -> Bool { !text.isEmpty && !text.utf8.contains(0) }
}

/// The reason to refuse the configuration: the file, the line and the problem.
struct ConfigurationError: Error, Hashable {
  var path: String
  var line: Int
  var problem: Problem

  enum Problem: Hashable {
    /// Unsupported or invalid TOML, with the parser's message.
    case syntax(String)
    case unknownKey(String)
    /// The file may contain keys only, no tables.
    case unknownTable(String)
    case wrongValue(String, expected: String)
  }

  func failure(_ ink: Ink) -> CommandFailure {
    let place = "\(ink.full(path)):\(line)"
    switch problem {
    case .syntax(let words):
      return CommandFailure(
        .failed, place, why: ink.full(words),
        remedy: "Correct this line: key = value, text in quotes, one setting a line.")
    case .unknownKey(let name):
      let known = ConfigurationFile.Key.allCases.map(\.rawValue).joined(separator: ", ")
      return CommandFailure(
        .failed, place, why: "unknown key \"\(ink.full(name))\"",
        remedy: "Remove it, or use one of: \(known).")
    case .unknownTable(let name):
      return CommandFailure(
        .failed, place, why: "unknown table [\(ink.full(name))]",
        remedy: "Remove it: the file has key = value lines and no tables.")
    case .wrongValue(let name, let expected):
      return CommandFailure(
        .failed, place, why: "invalid value of \"\(name)\"",
        remedy: "Write \(expected).")
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

  func text(_ ink: Ink) -> String {
    switch self {
    case .builtIn: "default"
    case .file(let path, let line): ink.full(path) + ":\(line)"
    case .environment(let name): name
    case .flag(let name): name
    case .marker(let path): ink.full(path)
    case .hiddenMarker(let path, let number):
      "\(ink.full(path)) cannot be checked: \(SystemError(number).words)"
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

/// The service that is used.
enum BackendName: String, CaseIterable, ExpressibleByArgument, Sendable {
  case local
  case aws
  case auto
}
