import GRDB
import Model

extension Store {
  /// Opens a store that is there.
  ///
  /// A file of an earlier version is brought to this one, in one transaction.
  ///
  /// Its header, and its tables by a connection that cannot write, are looked at first: a foreign,
  /// newer or damaged file is refused and left as it was. Where the disk has no room for what sharing
  /// the file takes, or is read-only, it is opened for reading, and each write is refused.
  public static func open(
    at path: String, time: any TimeSource, random: any RandomSource
  ) throws(StoreError) -> Store {
    let file = StoreFile(path: path)
    try file.check()
    try checkTables(path)
    do {
      let (reader, writer) = try connections(file)
      let settings = try reader.read(Settings.fetch)
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
      // Opened read-only: GRDB would otherwise switch `query_only` around each read, and each switch
      // makes SQLite compile every statement anew.
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

  /// Another process may be doing the same: then the file is as it should be, whoever did it.
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
  /// Whether it is the disk that failed, not what is on it.
  fileprivate var isOfTheDisk: Bool {
    let code = resultCode.primaryResultCode
    return [.SQLITE_IOERR, .SQLITE_FULL, .SQLITE_CANTOPEN, .SQLITE_READONLY].contains(code)
  }
}
