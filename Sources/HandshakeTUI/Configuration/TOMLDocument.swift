/// A file in the subset of TOML 1.0 that this program's files use.
///
/// | accepted | refused, with the line and the reason |
/// |---|---|
/// | `key = value`, `[table]`, comments | dotted keys, `[table.in.table]`, `[[list of tables]]` |
/// | bare and quoted keys | the same key or table twice |
/// | strings of all four kinds | control characters, surrogates, bytes that are not UTF-8 |
/// | integers of all four bases | numbers beyond 64 bits, fractions, dates and times |
/// | `true`, `false`, lists of such values | lists in lists, `{ inline = "tables" }` |
///
/// Each key keeps its line number, for messages. Nothing is skipped: a file is accepted whole or
/// refused. Parsing takes time linear in the size of the file, does not recurse, and cannot trap.
struct TOMLDocument: Hashable, Sendable {
  /// The entries before the first table.
  private(set) var root = TOMLTable(name: "", line: 1)
  /// The tables in the order of the file.
  private(set) var tables: [TOMLTable] = []

  /// Parses a whole file; a byte order mark at its start is ignored.
  ///
  /// - Throws: `TOMLError`, with the line, for invalid UTF-8, anything that the table above lists
  ///   as refused, or invalid syntax.
  init(_ bytes: [UInt8]) throws(TOMLError) {
    if let line = Self.firstLineThatIsNotUTF8(bytes) {
      throw TOMLError(line: line, problem: "not UTF-8")
    }
    var reader = TOMLReader(bytes)
    var names: [String: Int] = [:]
    while let statement = try reader.next() {
      switch statement {
      case .table(let name, let line):
        if let first = names.updateValue(line, forKey: name) {
          throw TOMLError(line: line, problem: "[\(name)] is already on line \(first)")
        }
        tables.append(TOMLTable(name: name, line: line))
      case .entry(let entry):
        if tables.isEmpty {
          // A table of that name would repeat the key.
          names[entry.key] = entry.line
          try root.add(entry)
        } else {
          try tables[tables.count - 1].add(entry)
        }
      }
    }
  }

  /// Returns the first line that is not UTF-8.
  ///
  /// No UTF-8 sequence crosses the end of a line, so each line can be checked alone.
  private static func firstLineThatIsNotUTF8(_ bytes: [UInt8]) -> Int? {
    if String(validating: bytes, as: UTF8.self) != nil { return nil }
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    return (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0) + 1
  }
}

/// A table and its entries in the order of the file.
struct TOMLTable: Hashable, Sendable {
  /// The table's name; empty for the entries before the first table.
  let name: String
  /// The line of the table's header, from 1.
  let line: Int
  private(set) var entries: [TOMLEntry] = []
  private var places: [String: Int] = [:]

  init(name: String, line: Int) {
    self.name = name
    self.line = line
  }

  subscript(key: String) -> TOMLEntry? { places[key].map { entries[$0] } }

  fileprivate mutating func add(_ entry: TOMLEntry) throws(TOMLError) {
    if let first = places.updateValue(entries.count, forKey: entry.key) {
      throw TOMLError(
        line: entry.line,
        problem: "\"\(entry.key)\" is already on line \(entries[first].line)")
    }
    entries.append(entry)
  }
}

/// A key with its value.
struct TOMLEntry: Hashable, Sendable {
  let key: String
  let value: TOMLValue
  /// The line on which the key begins, from 1.
  let line: Int
}

/// The value of a key.
enum TOMLValue: Hashable, Sendable {
  case text(String)
  case integer(Int64)
  case boolean(Bool)
  /// No element is a list.
  case list([TOMLValue])

  /// The text, if the value is text.
  var text: String? { if case .text(let text) = self { text } else { nil } }
}

/// The reason to refuse a file, which may quote it: make it printable before showing it.
struct TOMLError: Error, Hashable {
  /// The number of the line, from 1.
  var line: Int
  var problem: String
}
