import Foundation
import GRDB
import Model

extension Store {
  /// Opens a store that is there.
  ///
  /// Its header, and its tables by a connection that cannot write, are looked at first: a foreign,
  /// newer or damaged file is refused and left as it was.
  public static func open(
    at path: String, time: any TimeSource, random: any RandomSource
  ) throws(StoreError) -> Store {
    try StoreFile(path: path).check()
    try checkTables(path)
    do {
      let writer = try DatabaseQueue(path: path, configuration: connection("writer"))
      let migrator = Schema.migrator
      if try writer.read({ try !migrator.hasCompletedMigrations($0) }) {
        try migrator.migrate(writer)
      }
      let settings = try writer.read(Settings.fetch)
      // Opened read-only: GRDB would otherwise switch `query_only` around each read, and each switch
      // makes SQLite compile every statement anew.
      var readOnly = connection("reader")
      readOnly.readonly = true
      let reader = try DatabaseQueue(path: path, configuration: readOnly)
      return Store(
        path: path, options: settings.options, time: time, random: random, reader: reader,
        writer: writer)
    } catch { throw StoreError(error, path: path) }
  }

  /// Reads the schema without locks, shared memory or a log (`immutable`): whatever comes of it, no
  /// byte in the directory changes.
  private static func checkTables(_ path: String) throws(StoreError) {
    var configuration = Configuration()
    configuration.readonly = true
    do {
      let found = try DatabaseQueue(path: immutableURI(path), configuration: configuration)
        .read { db in
          try String.fetchSet(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'")
        }
      let lost = Schema.tables.filter { !found.contains($0) }
      guard lost.isEmpty else {
        throw StoreError.damaged(
          path: path, detail: "tables are missing: \(lost.sorted().joined(separator: ", "))")
      }
    } catch { throw StoreError(error, path: path) }
  }

  private static func immutableURI(_ path: String) -> String {
    let escaped = path.utf8.map { byte -> String in
      let plain =
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        || (0x61...0x7A).contains(byte) || [0x2D, 0x2E, 0x2F, 0x5F].contains(byte)
      return plain ? String(UnicodeScalar(byte)) : "%" + String(byte, radix: 16).leftPadded
    }
    // An absolute path comes behind an empty authority; a relative one keeps its meaning.
    return (path.utf8.first == 0x2F ? "file://" : "file:") + escaped.joined() + "?immutable=1"
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

extension String {
  /// Two hexadecimal digits.
  fileprivate var leftPadded: String { utf8.count < 2 ? "0" + self : self }
}
