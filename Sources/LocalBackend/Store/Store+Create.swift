import GRDB
import Glibc
import Model

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
    let directory = parent(of: path)
    try makeDirectories(directory, for: path)
    let draft = path + ".new-" + random.bytes(6).hexadecimal
    defer { unlink(draft) }
    try makeEmptyFile(draft, for: path)
    do {
      try build(draft, options: options, plant: plant)
    } catch { throw StoreError(error, path: path) }
    guard link(draft, path) == 0 else {
      if errno == EEXIST { throw .exists(path: path) }
      throw .system(path: path, detail: systemErrorText(errno))
    }
    synchronise(directory)
    return try open(at: path, time: time, random: random)
  }

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

private func parent(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

private func makeDirectories(_ directory: String, for path: String) throws(StoreError) {
  var status = stat()
  if stat(directory, &status) == 0 { return }
  if directory != "." && directory != "/" { try makeDirectories(parent(of: directory), for: path) }
  guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
    throw .system(path: path, detail: systemErrorText(errno))
  }
}

private func makeEmptyFile(_ draft: String, for path: String) throws(StoreError) {
  let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
  guard file >= 0 else { throw .system(path: path, detail: systemErrorText(errno)) }
  close(file)
}

/// Makes the new name survive a loss of power.
private func synchronise(_ directory: String) {
  let file = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard file >= 0 else { return }
  fsync(file)
  close(file)
}

extension [UInt8] {
  /// Two lower-case digits a byte.
  var hexadecimal: String {
    map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
