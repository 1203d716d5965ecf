/// A file in the part of TOML 1.0 that this program's files are written in.
///
/// | taken | refused, with the line and the reason |
/// |---|---|
/// | `key = value`, `[table]`, comments | dotted keys, `[table.in.table]`, `[[list of tables]]` |
/// | bare and quoted keys | the same key or table twice |
/// | strings of all four kinds | control characters, surrogates, bytes that are not UTF-8 |
/// | integers of all four bases | numbers beyond 64 bits, fractions, dates and times |
/// | `true`, `false`, lists of such values | lists in lists, `{ inline = "tables" }` |
///
/// Each key keeps the line it stands on, for messages. Nothing is skipped: a file is taken whole or
/// refused. Reading takes time linear in the size of the file, does not recurse, and cannot trap.
struct TOMLDocument: Hashable, Sendable {
  /// The entries before the first table.
  private(set) var root = TOMLTable(name: "", line: 1)
  /// In the order of the file.
  private(set) var tables: [TOMLTable] = []

  /// Reads a whole file. A byte order mark at its start is passed over.
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
          // A table of that name would be the same key a second time.
          names[entry.key] = entry.line
          try root.add(entry)
        } else {
          try tables[tables.count - 1].add(entry)
        }
      }
    }
  }

  /// No UTF-8 sequence goes beyond a line's end, so each line can be judged alone.
  private static func firstLineThatIsNotUTF8(_ bytes: [UInt8]) -> Int? {
    if String(validating: bytes, as: UTF8.self) != nil { return nil }
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    return (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0) + 1
  }
}

/// A table and its entries in the order of the file.
struct TOMLTable: Hashable, Sendable {
  /// Empty for what stands before the first table.
  let name: String
  /// Of its header.
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
  /// Where the key begins, from 1.
  let line: Int
}

/// The value of a key.
enum TOMLValue: Hashable, Sendable {
  case text(String)
  case integer(Int64)
  case boolean(Bool)
  /// None of its elements is a list.
  case list([TOMLValue])

  /// The text, if it is one.
  var text: String? { if case .text(let text) = self { text } else { nil } }
}

/// Why a file is not taken. The words may quote the file: make them printable before showing them.
struct TOMLError: Error, Hashable {
  /// From 1.
  var line: Int
  var problem: String
}
