import CSQLite

/// An error that SQLite reported.
struct DatabaseError: Error, Hashable, Sendable {
  /// The extended result code.
  var code: ResultCode
  /// SQLite's description of the error.
  var message: String

  /// Creates an error; without a message it has SQLite's words for the code.
  init(_ code: ResultCode, _ message: String? = nil) {
    self.code = code
    self.message = message ?? code.words
  }

  /// Creates the error of the last call on a connection, which returned `code`.
  init(_ code: Int32, on connection: OpaquePointer?) {
    self.code = ResultCode(rawValue: code)
    message = connection.map { String(cString: sqlite3_errmsg($0)) } ?? self.code.words
  }
}

extension DatabaseError: CustomStringConvertible {
  var description: String { "SQLite error \(code.rawValue): \(message)" }
}

/// A result code of SQLite; its first byte is the primary code, the rest tells more.
struct ResultCode: RawRepresentable, Hashable, Sendable {
  var rawValue: Int32

  /// The code without what the extended one adds.
  var primary: ResultCode { ResultCode(rawValue: rawValue & 0xFF) }

  /// SQLite's words for the code.
  var words: String { String(cString: sqlite3_errstr(rawValue)) }
}

extension ResultCode {
  static let error = ResultCode(rawValue: SQLITE_ERROR)
  static let abort = ResultCode(rawValue: SQLITE_ABORT)
  static let busy = ResultCode(rawValue: SQLITE_BUSY)
  static let locked = ResultCode(rawValue: SQLITE_LOCKED)
  static let readOnly = ResultCode(rawValue: SQLITE_READONLY)
  static let interrupt = ResultCode(rawValue: SQLITE_INTERRUPT)
  static let inputOutput = ResultCode(rawValue: SQLITE_IOERR)
  static let corrupt = ResultCode(rawValue: SQLITE_CORRUPT)
  static let full = ResultCode(rawValue: SQLITE_FULL)
  static let cannotOpen = ResultCode(rawValue: SQLITE_CANTOPEN)
  static let schema = ResultCode(rawValue: SQLITE_SCHEMA)
  static let constraint = ResultCode(rawValue: SQLITE_CONSTRAINT)
  static let mismatch = ResultCode(rawValue: SQLITE_MISMATCH)
  static let misuse = ResultCode(rawValue: SQLITE_MISUSE)
  static let range = ResultCode(rawValue: SQLITE_RANGE)
  static let notADatabase = ResultCode(rawValue: SQLITE_NOTADB)
}
