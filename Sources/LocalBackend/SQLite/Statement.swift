import CSQLite
import Text

/// A compiled statement, finalized when its last reference is gone.
final class Statement {
  private let handle: OpaquePointer
  /// Whether the statement is bound or has a row; a second use needs a statement of its own.
  private(set) var isInUse = false
  private var names: [String] = []
  /// The column after the one read last, where the next one is usually found.
  private var nextColumn = 0

  /// Compiles the one statement in `sql`.
  ///
  /// - Throws: `DatabaseError` as SQLite fails, and `.misuse` if there is no statement in `sql` or
  ///   another one behind it.
  init(_ sql: String, on connection: OpaquePointer) throws(DatabaseError) {
    var sql = sql
    var handle: OpaquePointer?
    let (code, hasMore) = sql.withUTF8 { text in
      text.withMemoryRebound(to: CChar.self) { text -> (Int32, Bool) in
        var rest: UnsafePointer<CChar>?
        // Kept: the cache uses it again.
        let code = sqlite3_prepare_v3(
          connection, text.baseAddress, Int32(text.count), UInt32(SQLITE_PREPARE_PERSISTENT),
          &handle, &rest)
        guard let rest, let start = text.baseAddress else { return (code, false) }
        return (code, text[(rest - start)...].contains { !Self.isFiller($0) })
      }
    }
    guard code == SQLITE_OK else { throw DatabaseError(code, on: connection) }
    guard let handle else { throw DatabaseError(.misuse, "no statement in: \(sql)") }
    self.handle = handle
    if hasMore { throw DatabaseError(.misuse, "more than one statement in: \(sql)") }
  }

  deinit { sqlite3_finalize(handle) }

  private static func isFiller(_ character: CChar) -> Bool {
    [0x09, 0x0A, 0x0D, 0x20, 0x3B].contains(character)
  }
}

extension Statement {
  /// Gives the parameters their values, in their order.
  ///
  /// - Throws: `DatabaseError`, `.misuse` if there are more or fewer values than parameters.
  func bind(_ values: Values) throws(DatabaseError) {
    isInUse = true
    let expected = Int(sqlite3_bind_parameter_count(handle))
    guard values.count == expected else {
      throw DatabaseError(.misuse, "\(values.count) values for \(expected) parameters")
    }
    for (position, value) in values.enumerated() {
      let index = Int32(position) + 1
      let code = value?.bind(to: handle, at: index) ?? sqlite3_bind_null(handle, index)
      guard code == SQLITE_OK else { throw error(code) }
    }
  }

  /// Runs the statement to its next row; returns false if there is none.
  ///
  /// - Throws: `DatabaseError` as SQLite fails.
  func step() throws(DatabaseError) -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw error(code)
    }
  }

  /// Makes the statement ready for its next use, and releases what it holds of the file.
  func reset() {
    // The code that it returns is that of the last step, which was reported.
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
    isInUse = false
  }

  private func error(_ code: Int32) -> DatabaseError {
    DatabaseError(code, on: sqlite3_db_handle(handle))
  }
}

// MARK: Columns of the present row

extension Statement {
  /// Returns the index of a column, whose name must be unique in the statement.
  fileprivate func column(_ name: String) throws(DamagedRow) -> Int32 {
    let count = Int(sqlite3_column_count(handle))
    if names.count != count {
      names = (0..<Int32(count)).map { index in
        sqlite3_column_name(handle, index).map { String(cString: $0) } ?? ""
      }
    }
    for step in 0..<count {
      let index = (nextColumn + step) % count
      guard names[index] == name else { continue }
      nextColumn = index + 1
      return Int32(index)
    }
    throw DamagedRow(column: name)
  }

  fileprivate func type(_ index: Int32) -> Int32 { sqlite3_column_type(handle, index) }

  fileprivate func integer(_ index: Int32) -> Int64 { sqlite3_column_int64(handle, index) }

  /// Returns the text of a column of type TEXT; nil if SQLite had no memory for it.
  fileprivate func text(_ index: Int32) -> String? {
    guard let start = sqlite3_column_text(handle, index) else { return nil }
    let count = Int(sqlite3_column_bytes(handle, index))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  fileprivate func blob(_ index: Int32) -> [UInt8] {
    // A null pointer for no bytes.
    guard let start = sqlite3_column_blob(handle, index) else { return [] }
    let count = Int(sqlite3_column_bytes(handle, index))
    return [UInt8](UnsafeRawBufferPointer(start: start, count: count))
  }
}

/// The present row of a statement, valid only where it is handed out.
///
/// Values are read from SQLite's memory, by column name or index. A value of another type than asked
/// for, as in a file that another program changed, throws `DamagedRow` and never traps. Text that is
/// not UTF-8 has U+FFFD in place of each malformed part.
struct ResultRow: ~Copyable {
  // Swift 6.3.1 stops with an internal error where a noncopyable value is made of a reference that is
  // only borrowed.
  private let reference: Unmanaged<Statement>

  fileprivate init(_ statement: Statement) { reference = .passUnretained(statement) }

  // SAFETY: a row can be neither copied nor kept, and it is lent by a method of its statement.
  private var statement: Statement { reference.takeUnretainedValue() }

  /// Reads an integer; nil for NULL.
  ///
  /// - Throws: `DamagedRow` for any other type, or if there is no such column.
  func optionalNumber(_ name: String) throws(DamagedRow) -> Int64? {
    try number(at: try statement.column(name), name)
  }

  /// Reads a text; nil for NULL.
  ///
  /// - Throws: `DamagedRow` for any other type, or if there is no such column.
  func optionalText(_ name: String) throws(DamagedRow) -> String? {
    try text(at: try statement.column(name), name)
  }

  /// Reads a blob; nil for NULL.
  ///
  /// - Throws: `DamagedRow` for any other type, or if there is no such column.
  func optionalBlob(_ name: String) throws(DamagedRow) -> [UInt8]? {
    let index = try statement.column(name)
    switch statement.type(index) {
    case SQLITE_BLOB: return statement.blob(index)
    case SQLITE_NULL: return nil
    default: throw DamagedRow(column: name)
    }
  }

  /// Reads the integer in the column at `index`; nil for NULL.
  ///
  /// - Throws: `DamagedRow` for any other type.
  func number(at index: Int32, _ name: String = "the result") throws(DamagedRow) -> Int64? {
    switch statement.type(index) {
    case SQLITE_INTEGER: return statement.integer(index)
    case SQLITE_NULL: return nil
    default: throw DamagedRow(column: name)
    }
  }

  /// Reads the text in the column at `index`; nil for NULL.
  ///
  /// - Throws: `DamagedRow` for any other type.
  func text(at index: Int32, _ name: String = "the result") throws(DamagedRow) -> String? {
    switch statement.type(index) {
    case SQLITE_TEXT:
      guard let text = statement.text(index) else { throw DamagedRow(column: name) }
      return text
    case SQLITE_NULL: return nil
    default: throw DamagedRow(column: name)
    }
  }
}

extension Statement {
  /// Runs the statement to its next row and reads it; returns nil if there is none.
  func next<Value>(_ read: (borrowing ResultRow) throws -> Value) throws -> Value? {
    try step() ? try read(ResultRow(self)) : nil
  }
}

/// The error of a row with a value that the schema forbids.
struct DamagedRow: Error, Hashable, CustomStringConvertible {
  var column: String
  var description: String { "a row has an impossible value in \(column)" }
}

// MARK: Values of parameters

/// The values of a statement's parameters; nil is NULL.
typealias Values = [(any Bindable)?]

/// A value that a parameter of a statement can have.
protocol Bindable {
  /// Binds a copy of the value to the parameter at `index`, counted from 1, and returns SQLite's
  /// result code.
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32
}

extension Int64: Bindable {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    sqlite3_bind_int64(statement, index, self)
  }
}

extension Int: Bindable {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    sqlite3_bind_int64(statement, index, Int64(self))
  }
}

extension Bool: Bindable {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    sqlite3_bind_int64(statement, index, self ? 1 : 0)
  }
}

/// Bound as text, NUL bytes included.
extension String: Bindable {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    var text = self
    return text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        // SQLite takes a null pointer, as an empty string may have, for NULL.
        guard let start = $0.baseAddress else { return cs_bind_text(statement, index, "", 0) }
        return cs_bind_text(statement, index, start, $0.count)
      }
    }
  }
}

/// Bound as a blob.
extension Untrusted: Bindable {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    bytes.withUnsafeBytes { cs_bind_blob(statement, index, $0.baseAddress, $0.count) }
  }
}
