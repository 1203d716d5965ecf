import Model

/// The contents of `config.toml`, which is read and never written: values of `SettingRow`s.
struct ConfigurationFile: Hashable, Sendable {
  var path: String
  /// The values in the order of the file.
  private(set) var entries: [Entry] = []

  struct Entry: Hashable, Sendable {
    var key: String
    var value: SettingRow.Value
    var line: Int
  }

  /// Creates a configuration without settings.
  init(path: String) {
    self.path = path
  }

  /// Parses a whole file; anything unknown is an error.
  ///
  /// - Throws: `ConfigurationError` for invalid TOML, or for an unknown key, an invalid value or a
  ///   table; the first of the keys' errors in the order of the file.
  init(
    path: String, bytes: [UInt8], table: [SettingRow] = SettingRow.all
  ) throws(ConfigurationError) {
    self.path = path
    let document: TOMLDocument
    do throws(TOMLError) {
      document = try TOMLDocument(bytes)
    } catch {
      throw ConfigurationError(path: path, line: error.line, problem: .syntax(error.problem))
    }
    let table = table.filter(\.isInFile)
    // In the order of the file, so that it is corrected from top to bottom.
    for entry in document.root.entries {
      guard let row = table.first(where: { $0.key == entry.key }) else {
        let problem = ConfigurationError.Problem.unknownKey(entry.key, known: table.map(\.key))
        throw ConfigurationError(path: path, line: entry.line, problem: problem)
      }
      guard let value = row.kind.value(entry.value) else {
        throw ConfigurationError(
          path: path, line: entry.line,
          problem: .wrongValue(entry.key, expected: row.kind.expectedInFile))
      }
      entries.append(Entry(key: entry.key, value: value, line: entry.line))
    }
    if let table = document.tables.first {
      throw ConfigurationError(path: path, line: table.line, problem: .unknownTable(table.name))
    }
  }

  /// Returns the value of a key with its line; nil when the file does not have it.
  subscript(key: String) -> Setting<SettingRow.Value>? {
    entries.first { $0.key == key }.map {
      Setting($0.value, .file(path: path, line: $0.line))
    }
  }
}

/// The reason to refuse the configuration: the file, the line and the problem.
struct ConfigurationError: Error, Hashable {
  var path: String
  var line: Int
  var problem: Problem

  enum Problem: Hashable {
    /// Unsupported or invalid TOML, with the parser's message.
    case syntax(String)
    case unknownKey(String, known: [String])
    /// The file may contain keys only, no tables.
    case unknownTable(String)
    case wrongValue(String, expected: String)
  }

  func failure(_ format: Formatter) -> CommandFailure {
    let place = "\(format.full(path)):\(line)"
    switch problem {
    case .syntax(let words):
      return CommandFailure(
        .failed, place, why: format.full(words),
        remedy: "Correct this line: key = value, text in quotes, one setting a line.")
    case .unknownKey(let name, let known):
      return CommandFailure(
        .failed, place, why: "unknown key \"\(format.full(name))\"",
        remedy: "Remove it, or use one of: \(known.joined(separator: ", ")).")
    case .unknownTable(let name):
      return CommandFailure(
        .failed, place, why: "unknown table [\(format.full(name))]",
        remedy: "Remove it: the file has key = value lines and no tables.")
    case .wrongValue(let name, let expected):
      return CommandFailure(
        .failed, place, why: "invalid value of \"\(name)\"",
        remedy: "Write \(expected).")
    }
  }
}
