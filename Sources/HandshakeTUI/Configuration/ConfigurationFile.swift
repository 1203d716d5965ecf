import Model
import TOMLKit

/// What `config.toml` says. It is read, never written.
///
/// | key | type | meaning |
/// |---|---|---|
/// | `backend` | `"local"`, `"aws"`, `"auto"` | the service |
/// | `profiles` | list of names | AWS: look and act through these profiles of the AWS CLI |
/// | `region` | name | AWS: the region, instead of the profile's |
/// | `endpoint_url` | URL | AWS: ask its services here |
/// | `store` | absolute path | the embedded organization's file |
/// | `account` | 12 digits | look and act as this account alone |
/// | `read_only` | boolean | never send anything |
/// | `write` | boolean | live AWS: let the screens send |
/// | `ascii` | boolean | ASCII characters only |
/// | `esc_delay` | 1…2000 | milliseconds that tell Escape from a key's sequence |
/// | `grace` | 0…60 | seconds in which any key stops what was confirmed |
/// | `log` | absolute path | append to this log |
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

  /// A configuration that says nothing.
  init(path: String) {
    self.path = path
  }

  /// Reads a whole file. Refuses what it does not know.
  init(path: String, text: String) throws(ConfigurationError) {
    self.path = path
    let lines = TOMLLines(text)
    if let (line, words) = lines.refused {
      throw ConfigurationError(path: path, line: line, problem: .syntax(words))
    }
    let table: TOMLTable
    do {
      table = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      throw ConfigurationError(
        path: path, line: error.source.begin.line, problem: .syntax(error.description))
    } catch {
      throw ConfigurationError(path: path, line: 1, problem: .syntax(String(describing: error)))
    }
    // The first in the file, so that mending goes from top to bottom.
    let names = table.keys.map { (name: $0, line: lines.line(of: $0)) }.sorted { $0.line < $1.line }
    for (name, line) in names {
      guard let key = Key(rawValue: name), let value = table[name] else {
        throw ConfigurationError(path: path, line: line, problem: .unknownKey(name))
      }
      do throws(Mismatch) {
        try take(key, value, .file(path: path, line: line))
      } catch {
        throw ConfigurationError(
          path: path, line: line, problem: .wrongValue(name, expected: error.expected))
      }
    }
  }

  /// A value that is not what its key takes.
  private struct Mismatch: Error { var expected: String }

  private mutating func take(
    _ key: Key, _ value: any TOMLValueConvertible, _ origin: Origin
  ) throws(Mismatch) {
    switch key {
    case .backend:
      guard let name = value.string.flatMap({ BackendName(rawValue: $0) }) else {
        throw Mismatch(expected: "\"local\", \"aws\" or \"auto\"")
      }
      backend = Setting(name, origin)
    case .profiles: profiles = Setting(try names(value), origin)
    case .region: region = Setting(try text(value, "a region in quotes"), origin)
    case .endpointURL: endpointURL = Setting(try text(value, "a URL in quotes"), origin)
    case .store: store = Setting(try absolutePath(value), origin)
    case .account:
      guard let id = value.string.flatMap({ AccountID($0) }) else {
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

  private func flag(_ value: any TOMLValueConvertible) throws(Mismatch) -> Bool {
    guard let flag = value.bool else { throw Mismatch(expected: "true or false") }
    return flag
  }

  private func text(
    _ value: any TOMLValueConvertible, _ expected: String
  ) throws(Mismatch) -> String {
    guard let text = value.string, !text.isEmpty else { throw Mismatch(expected: expected) }
    return text
  }

  private func names(_ value: any TOMLValueConvertible) throws(Mismatch) -> [String] {
    let names = value.array.map { $0.map(\.string) } ?? []
    guard !names.isEmpty, !names.contains(where: { $0?.isEmpty ?? true }) else {
      throw Mismatch(expected: "a list of profile names in quotes")
    }
    return names.compactMap(\.self)
  }

  private func number(
    _ value: any TOMLValueConvertible, in range: ClosedRange<Int>
  ) throws(Mismatch) -> Int {
    guard value.type == .int, let number = value.int, range.contains(number) else {
      throw Mismatch(
        expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// Not from the current directory: what the program uses must not depend on where it is started.
  private func absolutePath(_ value: any TOMLValueConvertible) throws(Mismatch) -> String {
    guard let path = value.string, path.utf8.first == UInt8(ascii: "/") else {
      throw Mismatch(expected: "an absolute path in quotes")
    }
    return path
  }
}
