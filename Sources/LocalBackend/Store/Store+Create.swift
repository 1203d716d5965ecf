import GRDB
import Glibc
import Model
import Text

extension Store {
  /// Makes a store where none is: complete, or not at all.
  ///
  /// It is built under another name and takes its own in one step, which fails when that is taken.
  /// The file is its owner's alone (0600); directories that are missing are made (0700).
  public static func create(
    at path: String, options: Options = Options(), time: any TimeSource,
    random: any RandomSource
  ) throws(StoreError) -> Store {
    try create(at: path, options: options, time: time, random: random) { db in
      try Seed.plant(options, now: time.now(), in: db)
    }
  }

  /// The same with the rows that `plant` makes.
  static func create(
    at path: String, options: Options, time: any TimeSource, random: any RandomSource,
    plant: (Database) throws -> Void
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
      try build(draft, options: options, plant: plant)
    } catch { throw StoreError(error, path: path) }
    guard synchronise(draft, O_RDONLY) else {
      throw .system(path: path, SystemError(errno))
    }
    guard link(draft, path) == 0 else {
      if errno == EEXIST { throw .exists(path: path) }
      throw .system(path: path, SystemError(errno))
    }
    // A store has one name.
    unlink(draft)
    // The new name survives a loss of power; a file system that cannot promise that is no reason to
    // fail after the fact.
    _ = synchronise(directory, O_RDONLY | O_DIRECTORY)
    return try open(at: path, time: time, random: random)
  }

  /// The folder that a file lies in.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// How the names begin under which `create` builds a store.
  static func draftPrefix(of path: String) -> String { path + ".new-" }

  /// Makes the organization anew with the options it was made with, in one transaction: its clock
  /// is the wall clock again, and other users of the file see the old one or the new one.
  public func reset() async throws(StoreError) {
    let options = options
    let time = time
    try await writing { db in
      try db.execute(sql: "PRAGMA defer_foreign_keys = ON")
      for table in Schema.tables { try db.execute(sql: "DELETE FROM \(table)") }
      try Settings.insert(options, into: db)
      try Seed.plant(options, now: time.now(), in: db)
    }
  }

  private static func build(
    _ draft: String, options: Options, plant: (Database) throws -> Void
  ) throws {
    let database = try DatabaseQueue(path: draft, configuration: connection("draft"))
    try database.writeWithoutTransaction { db in
      // A draft that comes to nothing is thrown away, so it needs no journal; it is synchronised as
      // a whole before it gets its name.
      try db.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
      try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
    }
    try Schema.migrator.migrate(database)
    try database.write { db in
      try Settings.insert(options, into: db)
      try plant(db)
    }
    // Recorded in the header, so that every later connection uses the log. Closing folds it in.
    try database.writeWithoutTransaction { db in
      _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
    }
    try database.close()
  }
}

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

private func makeEmptyFile(_ draft: String, for path: String) throws(StoreError) {
  let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
  guard file >= 0 else { throw .system(path: path, SystemError(errno)) }
  close(file)
}

/// Whether everything that was written to `path` is on the disk.
private func synchronise(_ path: String, _ flags: Int32) -> Bool {
  let file = open(path, flags | O_CLOEXEC)
  guard file >= 0 else { return false }
  defer { close(file) }
  return fsync(file) == 0
}
