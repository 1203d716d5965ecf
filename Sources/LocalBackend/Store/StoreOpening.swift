import GRDB
import Glibc
import Model
import Text

extension Store {
  /// Opens an existing store.
  ///
  /// A file of an earlier version is migrated to the current one, in one transaction. The header,
  /// and the tables by a connection that cannot write, are checked first: a foreign, newer or
  /// damaged file is refused and left unchanged. If the disk is read-only or has no room for the
  /// files that sharing needs, the store is opened for reading, and each write is refused.
  ///
  /// - Throws: `StoreError`, as `StoreFile.check()` and `checkTables(_:)`, or as SQLite fails.
  public static func open(
    at path: String, time: any TimeSource, random: any RandomSource
  ) throws(StoreError) -> Store {
    let file = StoreFile(path: path)
    try file.check()
    try checkTables(path)
    do {
      let (reader, writer) = try connections(file)
      let settings = try reader.read(StoreSettings.fetch)
      return Store(
        path: path, options: settings.options, time: time, random: random, reader: reader,
        writer: writer)
    } catch { throw StoreError(error, path: path) }
  }

  private static func connections(_ file: StoreFile) throws -> (
    reader: DatabaseQueue, writer: DatabaseQueue
  ) {
    do {
      let writer = try DatabaseQueue(path: file.path, configuration: connection("writer"))
      try migrate(writer)
      // Opened read-only: otherwise GRDB would switch `query_only` around each read, and each
      // switch makes SQLite compile every statement again.
      var readOnly = connection("reader")
      readOnly.readonly = true
      return (try DatabaseQueue(path: file.path, configuration: readOnly), writer)
    } catch let error as DatabaseError where error.isOfTheDisk && !file.hasCompany {
      let alone = try immutable(file.path)
      let upToDate = try alone.read { try Schema.migrator.hasCompletedMigrations($0) }
      guard upToDate else { throw error }
      return (alone, alone)
    }
  }

  /// Migrates the file; it is no error if another process has just done the same.
  private static func migrate(_ writer: DatabaseQueue) throws {
    let migrator = Schema.migrator
    func isDone() throws -> Bool { try writer.read { try migrator.hasCompletedMigrations($0) } }
    if try isDone() { return }
    do { try migrator.migrate(writer) } catch { guard try isDone() else { throw error } }
  }

  static func connection(_ name: String) -> Configuration {
    var configuration = Configuration()
    configuration.label = "store.\(name)"
    configuration.busyMode = .timeout(patience)
    configuration.prepareDatabase { db in
      try db.execute(
        sql: """
          PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;
          PRAGMA cache_size = -32768;
          """)
    }
    return configuration
  }
}

extension DatabaseError {
  /// Whether the disk failed, rather than the data on it being invalid.
  fileprivate var isOfTheDisk: Bool {
    let code = resultCode.primaryResultCode
    return [.SQLITE_IOERR, .SQLITE_FULL, .SQLITE_CANTOPEN, .SQLITE_READONLY].contains(code)
  }
}

extension Store {
  /// Creates a store at a path where no file is, completely or not at all.
  ///
  /// It is built under another name and then linked to its own, which fails if that exists. Only
  /// the owner can read the file (0600); missing directories are created (0700).
  ///
  /// - Throws: `StoreError`: `.exists`, `.leftOver` (or `.unsafe`, `.notAFile`) because of files
  ///   beside it, `.system` if a system call fails, and what `open(at:time:random:)` throws.
  public static func create(
    at path: String, options: Options = Options(), time: any TimeSource,
    random: any RandomSource
  ) throws(StoreError) -> Store {
    try create(at: path, options: options, time: time, random: random) { db in
      try DemoSeeder.seed(options, now: time.now(), in: db)
    }
  }

  /// Creates a store with the rows that `fill` inserts.
  ///
  /// - Throws: `StoreError`, as `create(at:options:time:random:)`, and for an error of `fill`.
  static func create(
    at path: String, options: Options, time: any TimeSource, random: any RandomSource,
    fill: (Database) throws -> Void
  ) throws(StoreError) -> Store {
    var status = stat()
    guard lstat(path, &status) != 0 else { throw .exists(path: path) }
    try StoreFile(path: path).checkNothingIsLeft()
    let directory = folder(of: path)
    try makeDirectories(directory, for: path)
    let draft = draftPrefix(of: path) + random.bytes(6).hexadecimal
    defer { unlink(draft) }
    try makeEmptyFile(draft, for: path)
    do {
      try build(draft, options: options, fill: fill)
    } catch { throw StoreError(error, path: path) }
    guard synchronise(draft, O_RDONLY) else {
      throw .system(path: path, SystemError(errno))
    }
    guard link(draft, path) == 0 else {
      if errno == EEXIST { throw .exists(path: path) }
      throw .system(path: path, SystemError(errno))
    }
    // A store must have one name only.
    unlink(draft)
    // After this the new name survives a loss of power. The store exists already, so a file system
    // that cannot promise that is no reason to fail.
    _ = synchronise(directory, O_RDONLY | O_DIRECTORY)
    return try open(at: path, time: time, random: random)
  }

  /// Returns the folder of a file; `.` if the path has no slash.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Returns the prefix of the names under which `create` builds a store.
  static func draftPrefix(of path: String) -> String { path + ".new-" }

  /// Creates the organization again with its original options, in one transaction.
  ///
  /// Its clock is the wall clock again. Other users of the file see either the old or the new
  /// organization.
  ///
  /// - Throws: `StoreError` if the file cannot be written, for instance `.busy`.
  public func reset() async throws(StoreError) {
    let options = options
    let time = time
    try await writing { db in
      try db.execute(sql: "PRAGMA defer_foreign_keys = ON")
      for table in Schema.tables { try db.execute(sql: "DELETE FROM \(table)") }
      try StoreSettings.insert(options, into: db)
      try DemoSeeder.seed(options, now: time.now(), in: db)
    }
  }

  private static func build(
    _ draft: String, options: Options, fill: (Database) throws -> Void
  ) throws {
    let database = try DatabaseQueue(path: draft, configuration: connection("draft"))
    try database.writeWithoutTransaction { db in
      // A draft that fails is deleted, so it needs no journal; it is synchronised as a whole before
      // it gets its name.
      try db.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
      try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
    }
    try Schema.migrator.migrate(database)
    try database.write { db in
      try StoreSettings.insert(options, into: db)
      try fill(db)
    }
    // Stored in the header, so that every later connection uses the log. Closing folds it in.
    try database.writeWithoutTransaction { db in
      _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
    }
    try database.close()
  }
}

/// Creates the missing directories with mode 0700.
///
/// - Throws: `StoreError.system` with the store's `path` if mkdir fails.
private func makeDirectories(_ directory: String, for path: String) throws(StoreError) {
  var status = stat()
  if stat(directory, &status) == 0 { return }
  if directory != "." && directory != "/" {
    try makeDirectories(Store.folder(of: directory), for: path)
  }
  guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
    throw .system(path: path, SystemError(errno))
  }
}

/// Creates an empty file with mode 0600.
///
/// - Throws: `StoreError.system` with the store's `path` if it exists or cannot be created.
private func makeEmptyFile(_ draft: String, for path: String) throws(StoreError) {
  let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
  guard file >= 0 else { throw .system(path: path, SystemError(errno)) }
  close(file)
}

/// Synchronises a file or directory and returns whether that succeeded.
private func synchronise(_ path: String, _ flags: Int32) -> Bool {
  let file = open(path, flags | O_CLOEXEC)
  guard file >= 0 else { return false }
  defer { close(file) }
  return fsync(file) == 0
}

extension Store {
  /// Checks that the file's schema can be read and has all tables.
  ///
  /// - Throws: `StoreError.damaged` if tables are missing, or another `StoreError` as SQLite fails.
  static func checkTables(_ path: String) throws(StoreError) {
    do {
      let (version, found) = try immutable(path).read { db in
        (
          try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0,
          try String.fetchSet(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'")
        )
      }
      let lost = Schema.tables(of: version).filter { !found.contains($0) }
      guard lost.isEmpty else {
        throw StoreError.damaged(
          path: path, detail: "tables are missing: \(lost.sorted().joined(separator: ", "))")
      }
    } catch { throw StoreError(error, path: path) }
  }

  /// Opens a connection without locks, shared memory or a log.
  ///
  /// No byte in the directory changes, whatever happens. Changes that are only in a write-ahead log
  /// are not visible to it.
  static func immutable(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = true
    return try DatabaseQueue(path: immutableURI(path), configuration: configuration)
  }

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
