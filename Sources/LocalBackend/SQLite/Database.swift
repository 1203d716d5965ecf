import CSQLite
import Synchronization
import Text

/// A connection to an SQLite file, used by one thread at a time.
///
/// Statements are compiled once and kept. It is closed at the latest when its last reference is gone.
final class Database {
  /// The way in which a file is opened.
  enum Access {
    /// For reading and writing, under SQLite's locks.
    case shared
    /// For reading a file that nobody changes: without locks, shared memory or a log, and so that
    /// no byte in the directory changes.
    case immutable
  }

  /// The request to stop what the connection is doing, if it can be asked to.
  var interruption: Interruption?
  private var connection: OpaquePointer?
  private var statements: [String: Statement] = [:]

  /// Opens an existing file.
  ///
  /// - Throws: `DatabaseError` as SQLite fails; the file is first read by the first statement.
  init(_ path: String, _ access: Access, patience: Int32 = 0) throws(DatabaseError) {
    let flags =
      switch access {
      case .shared: SQLITE_OPEN_READWRITE
      case .immutable: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
      }
    let name = access == .immutable ? Self.immutableURI(path) : path
    // Its owner serialises the calls, so that SQLite need not.
    let code = sqlite3_open_v2(
      name, &connection, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
    guard code == SQLITE_OK else {
      let error = DatabaseError(code, on: connection)
      // A connection comes even with an error.
      sqlite3_close_v2(connection)
      connection = nil
      throw error
    }
    sqlite3_busy_timeout(connection, patience)
    // The same as the pragmas of these names, without statements to compile. In SQL, double quotes
    // are for names only.
    for (option, isOn) in [
      (SQLITE_DBCONFIG_ENABLE_FKEY, true), (SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
      (SQLITE_DBCONFIG_DQS_DDL, false), (SQLITE_DBCONFIG_DQS_DML, false),
    ] { cs_set_option(connection, option, isOn) }
    let context = Unmanaged.passUnretained(self).toOpaque()
    sqlite3_progress_handler(
      connection, 1_000,
      { context in
        guard let context else { return 0 }
        let database = Unmanaged<Database>.fromOpaque(context).takeUnretainedValue()
        return database.interruption?.isRequested == true ? 1 : 0
      }, context)
  }

  deinit {
    statements = [:]
    guard let connection else { return }
    // A statement that is left may still run, and must not ask this object.
    sqlite3_progress_handler(connection, 0, nil, nil)
    // Unlike `close`, this also works while statements are left: the last of them closes the file.
    sqlite3_close_v2(connection)
  }

  /// Closes the file; closing twice does nothing.
  ///
  /// - Throws: `DatabaseError`, `.busy` while a statement is in use; the connection is then as
  ///   before.
  func close() throws(DatabaseError) {
    statements = [:]
    let code = sqlite3_close(connection)
    guard code == SQLITE_OK else { throw DatabaseError(code, on: connection) }
    connection = nil
  }
}

// MARK: Statements

extension Database {
  /// Runs a statement that returns no rows, or whose rows do not matter.
  ///
  /// A pragma that sets something belongs in `script`: SQLite carries out many of them while they
  /// are compiled, which happens once here.
  ///
  /// - Throws: `DatabaseError` as SQLite fails.
  func execute(_ sql: String, _ values: Values = []) throws(DatabaseError) {
    let statement = try ready(sql, values)
    defer { statement.reset() }
    while try statement.step() {}
  }

  /// Runs any number of statements without parameters, and does not keep them.
  ///
  /// - Throws: `DatabaseError` as SQLite fails; the statements before the failed one have been run.
  func script(_ sql: String) throws(DatabaseError) {
    try checkInterruption()
    let connection = try openConnection()
    let code = sqlite3_exec(connection, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw DatabaseError(code, on: connection) }
  }

  /// Returns the result of `read` for the first row; nil if there are no rows.
  ///
  /// - Throws: `DatabaseError` as SQLite fails, and the error of `read`.
  func first<Value>(
    _ sql: String, _ values: Values = [], _ read: (borrowing ResultRow) throws -> Value
  ) throws -> Value? {
    let statement = try ready(sql, values)
    defer { statement.reset() }
    return try statement.next(read)
  }

  /// Returns what `read` makes of each row, in their order.
  ///
  /// - Throws: `DatabaseError` as SQLite fails, and the first error of `read`.
  func all<Value>(
    _ sql: String, _ values: Values = [], _ read: (borrowing ResultRow) throws -> Value
  ) throws -> [Value] {
    let statement = try ready(sql, values)
    defer { statement.reset() }
    var found: [Value] = []
    while let value = try statement.next(read) { found.append(value) }
    return found
  }

  /// Returns whether there is a row.
  ///
  /// - Throws: `DatabaseError` as SQLite fails.
  func exists(_ sql: String, _ values: Values = []) throws(DatabaseError) -> Bool {
    let statement = try ready(sql, values)
    defer { statement.reset() }
    return try statement.step()
  }

  /// Returns the integer in the first column of the first row; nil for NULL and if there is no row.
  ///
  /// - Throws: `DatabaseError` as SQLite fails, `DamagedRow` if it is no integer.
  func number(_ sql: String, _ values: Values = []) throws -> Int64? {
    try first(sql, values) { row in try row.number(at: 0) } ?? nil
  }

  /// Returns the text in the first column of the first row; nil for NULL and if there is no row.
  ///
  /// - Throws: `DatabaseError` as SQLite fails, `DamagedRow` if it is no text.
  func text(_ sql: String, _ values: Values = []) throws -> String? {
    try first(sql, values) { row in try row.text(at: 0) } ?? nil
  }

  /// The number of rows that the last insert, update or delete changed by itself.
  var changes: Int64 { connection.map { sqlite3_changes64($0) } ?? 0 }

  /// The statements that were compiled and kept.
  var kept: Set<String> { Set(statements.keys) }

  /// Forgets the statements that were kept.
  func forget() { statements = [:] }

  /// Compiles a statement that the caller keeps.
  ///
  /// - Throws: `DatabaseError` as SQLite fails.
  func prepare(_ sql: String) throws(DatabaseError) -> Statement {
    try Statement(sql, on: try openConnection())
  }

  private func ready(_ sql: String, _ values: Values) throws(DatabaseError) -> Statement {
    try checkInterruption()
    let statement: Statement
    if let kept = statements[sql], !kept.isInUse {
      statement = kept
    } else {
      statement = try prepare(sql)
      if statements[sql] == nil { statements[sql] = statement }
    }
    do throws(DatabaseError) {
      try statement.bind(values)
    } catch {
      statement.reset()
      throw error
    }
    return statement
  }

  private func openConnection() throws(DatabaseError) -> OpaquePointer {
    guard let connection else { throw DatabaseError(.misuse, "the connection is closed") }
    return connection
  }
}

// MARK: Transactions

extension Database {
  /// The lock that a transaction takes at its beginning.
  enum TransactionKind: String {
    /// None: it reads the state of its first read, and is a writer from its first write.
    case deferred = "BEGIN DEFERRED"
    /// The write lock, so that it never has to give way to another writer in its middle.
    case immediate = "BEGIN IMMEDIATE"
  }

  /// Runs `body` in a transaction, which is undone if `body` or the commit throws.
  ///
  /// - Throws: the error of `body`, or `DatabaseError` as SQLite fails: `.abort` if SQLite had to
  ///   end the transaction by itself and `body` did not say so.
  func transaction<Value>(_ kind: TransactionKind, _ body: () throws -> Value) throws -> Value {
    // Compiled before it is needed: there may be no memory for it then.
    if statements["ROLLBACK"] == nil { statements["ROLLBACK"] = try prepare("ROLLBACK") }
    try execute(kind.rawValue)
    do {
      let value = try body()
      guard isInTransaction else { throw DatabaseError(.abort, "the transaction was ended") }
      try control("COMMIT")
      return value
    } catch {
      // The first error is the one to report, and a failed rollback leaves no transaction either.
      if isInTransaction { try? control("ROLLBACK") }
      throw error
    }
  }

  /// Runs `body` within a transaction so that its changes can be undone alone.
  ///
  /// They are undone if `keeps` returns false for the result, or if `body` throws.
  ///
  /// - Throws: the error of `body`, or `DatabaseError` as SQLite fails.
  func savepoint<Value>(
    _ body: () throws -> Value, keeps: (Value) -> Bool
  ) throws -> Value {
    try execute("SAVEPOINT step")
    do {
      let value = try body()
      if !keeps(value) { try control("ROLLBACK TO step") }
      try control("RELEASE step")
      return value
    } catch {
      if isInTransaction {
        try? control("ROLLBACK TO step")
        try? control("RELEASE step")
      }
      throw error
    }
  }

  /// Whether a transaction has begun and not ended; SQLite ends one by itself after some errors.
  var isInTransaction: Bool { connection.map { sqlite3_get_autocommit($0) == 0 } ?? false }

  /// Ends a transaction or savepoint, which nothing may interrupt.
  private func control(_ sql: String) throws(DatabaseError) {
    let asked = interruption
    interruption = nil
    defer { interruption = asked }
    try execute(sql)
  }

  private func checkInterruption() throws(DatabaseError) {
    if interruption?.isRequested == true { throw DatabaseError(.interrupt) }
  }
}

/// A request to stop a read, which any thread may make.
///
/// The statement in progress fails with `.interrupt`, and so does every later one.
final class Interruption: Sendable {
  private let flag = Atomic(false)

  var isRequested: Bool { flag.load(ordering: .relaxed) }

  func request() { flag.store(true, ordering: .relaxed) }
}

// MARK: Names of files

extension Database {
  private static func immutableURI(_ path: String) -> String {
    let escaped = path.utf8.map { byte -> String in
      let plain =
        byte.isASCIIAlphanumeric || [0x2D, 0x2E, 0x2F, 0x5F].contains(byte)
      return plain ? String(UnicodeScalar(byte)) : "%" + String(byte, radix: 16).leftPadded
    }
    // An absolute path follows an empty authority; a relative one keeps its meaning.
    return (path.utf8.first == 0x2F ? "file://" : "file:") + escaped.joined() + "?immutable=1"
  }
}

extension String {
  /// The string with a leading zero if it has fewer than two digits.
  fileprivate var leftPadded: String { utf8.count < 2 ? "0" + self : self }
}
