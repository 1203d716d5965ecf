import Glibc
import Model
import Text

extension Store {
  /// Opens an existing store.
  ///
  /// A file of an earlier version is migrated to the current one, in one transaction. The header
  /// and the tables are checked first: a foreign, newer or damaged file is refused and left
  /// unchanged. If the disk is read-only or has no room for the files that sharing needs, the store
  /// is opened for reading, and each write is refused.
  ///
  /// - Throws: `StoreError`: as `StoreFile.check()`, `.damaged` if tables are missing, or as SQLite
  ///   fails.
  public static func open(
    at path: String, time: any TimeSource, random: any RandomSource
  ) throws(StoreError) -> Store {
    let file = StoreFile(path: path)
    try file.check()
    do {
      // To read it, SQLite would first bring the log into the file: nothing to do to a damaged one.
      if file.isUnfinished { _ = try checkedVersion(file, in: Database(path, .immutable)) }
      return try shared(file, time, random)
    } catch let error as DatabaseError where error.isOfTheDisk && !file.hasCompany {
      do {
        guard let alone = try alone(file, time, random) else { throw error }
        return alone
      } catch { throw StoreError(error, path: path) }
    } catch { throw StoreError(error, path: path) }
  }

  /// Opens the store by a connection that reads; the writer comes with the first write.
  private static func shared(
    _ file: StoreFile, _ time: any TimeSource, _ random: any RandomSource
  ) throws -> Store {
    let path = file.path
    let opened = try file.identity()
    let database = try connect(path)
    // Not opened as read-only: the last connection to be closed writes the log into the file. Set
    // once, since SQLite compiles every statement again after it.
    try database.script("PRAGMA query_only = ON")
    var found = try database.transaction(.deferred) { try settings(file, in: database) }
    if found == nil {
      try database.script("PRAGMA query_only = OFF")
      try Schema.migrate(database)
      try database.script("PRAGMA query_only = ON")
      found = try settings(file, in: database)
    }
    guard let found else { throw StoreError.damaged(path: path, detail: "it was not migrated") }
    return Store(
      path: path, options: found.options, time: time, random: random,
      reader: StoreConnection(database),
      writer: StoreConnection { try writer(of: file, opened: opened) })
  }

  /// Opens the writer of the file that the reader has open.
  ///
  /// The first write may come hours after the first read. A file that took the place of this one in
  /// between is another organization. It is only looked at: to open and close the file by ourselves
  /// would release the locks that the reader has on it, and whoever closes it then deletes its log.
  private static func writer(
    of file: StoreFile, opened: StoreFile.Identity
  ) throws -> sending Database {
    guard try file.identity() == opened else {
      throw StoreError.database(
        path: file.path, detail: "the file was replaced while it was open; start again")
    }
    return try connect(file.path)
  }

  /// Opens the store without its shared files, for reading only; nil if it must be migrated.
  private static func alone(
    _ file: StoreFile, _ time: any TimeSource, _ random: any RandomSource
  ) throws -> Store? {
    let database = try Database(file.path, .immutable)
    guard let found = try settings(file, in: database) else { return nil }
    let connection = StoreConnection(database)
    return Store(
      path: file.path, options: found.options, time: time, random: random, reader: connection,
      writer: connection)
  }

  /// Returns the settings of a file whose tables are complete; nil if it is of an earlier version.
  ///
  /// - Throws: as `checkedVersion`, and `DamagedRow` if the settings are invalid.
  private static func settings(
    _ file: StoreFile, in database: Database
  ) throws -> StoreSettings? {
    guard try checkedVersion(file, in: database) == Int(Schema.version) else { return nil }
    return try StoreSettings.fetch(database)
  }

  /// Checks that the file has the tables of its version, and returns that.
  ///
  /// - Throws: `StoreError.damaged` if tables are missing, `.newer` if the log is of a newer
  ///   version, `DatabaseError` as SQLite fails.
  private static func checkedVersion(_ file: StoreFile, in database: Database) throws -> Int {
    let version = Int(try database.number("PRAGMA user_version") ?? 0)
    let supported = Int(Schema.version)
    guard version <= supported else {
      throw StoreError.newer(path: file.path, version: version, supported: supported)
    }
    let found = Set(
      try database.all("SELECT name FROM sqlite_schema WHERE type = 'table'") { row in
        try row.text(at: 0)
      })
    let lost = Schema.tables(of: version).filter { !found.contains($0) }
    guard lost.isEmpty else {
      throw StoreError.damaged(
        path: file.path, detail: "tables are missing: \(lost.sorted().joined(separator: ", "))")
    }
    return version
  }

  /// Opens a connection with the settings that every one to a store has.
  private static func connect(_ path: String) throws(DatabaseError) -> sending Database {
    let database = try Database(path, .shared, patience: patience)
    try database.script(
      """
      PRAGMA cell_size_check = ON; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768;
      """)
    return database
  }
}

extension DatabaseError {
  /// Whether the disk failed, rather than the data on it being invalid.
  fileprivate var isOfTheDisk: Bool {
    [.inputOutput, .full, .cannotOpen, .readOnly].contains(code.primary)
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
      try db.script("PRAGMA defer_foreign_keys = ON")
      for table in Schema.tables { try db.execute("DELETE FROM \(table)") }
      try StoreSettings.insert(options, into: db)
      try DemoSeeder.seed(options, now: time.now(), in: db)
    }
  }

  private static func build(
    _ draft: String, options: Options, fill: (Database) throws -> Void
  ) throws {
    let database = try connect(draft)
    // A draft that fails is deleted, so it needs no journal; it is synchronised as a whole before
    // it gets its name.
    try database.script(
      """
      PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
      PRAGMA application_id = \(Schema.applicationID);
      """)
    try Schema.migrate(database)
    try database.transaction(.immediate) {
      try StoreSettings.insert(options, into: database)
      try fill(database)
    }
    // Stored in the header, so that every later connection uses the log. Closing folds it in.
    try database.script("PRAGMA journal_mode = WAL")
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
