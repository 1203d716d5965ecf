import GRDB

extension Store {
  /// Refuses a file of ours whose schema cannot be read or is not whole.
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

  /// A connection without locks, shared memory or a log: whatever it meets, no byte in the directory
  /// changes. What is only in a write-ahead log it does not see.
  static func immutable(_ path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = true
    return try DatabaseQueue(path: immutableURI(path), configuration: configuration)
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
}

extension String {
  /// Two hexadecimal digits.
  fileprivate var leftPadded: String { utf8.count < 2 ? "0" + self : self }
}
