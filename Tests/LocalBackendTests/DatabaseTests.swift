import CSQLite
import Glibc
import Model
import Synchronization
import TestSupport
import Testing
import Text

@testable import LocalBackend

/// The typed layer over SQLite, on a file of its own.
@Suite("The layer over SQLite")
struct DatabaseTests {
  private let directory: TemporaryDirectory
  private let path: String
  private let database: Database

  init() throws {
    directory = try TemporaryDirectory()
    path = directory.path + "/file"
    try write([], to: path)
    database = try Database(path, .shared)
    try database.script("PRAGMA journal_mode = WAL; CREATE TABLE t (a, b, c)")
  }

  private func other(patience: Int32 = 0) throws -> Database {
    try Database(path, .shared, patience: patience)
  }

  private func count(_ database: Database) throws -> Int64? {
    try database.number("SELECT count(*) FROM t")
  }

  private func code(_ call: () throws -> Void) -> ResultCode? {
    do { try call() } catch { return (error as? DatabaseError)?.code }
    return nil
  }

  // MARK: Values

  @Test(
    "A 64-bit integer is the same after reading it back",
    arguments: [0, -1, 1, Int64(Int32.max) + 1, .max, .min])
  func integers(_ number: Int64) throws {
    try database.execute("INSERT INTO t (a) VALUES (?)", [number])
    #expect(try database.number("SELECT a FROM t") == number)
    #expect(try database.text("SELECT typeof(a) FROM t") == "integer")
  }

  @Test(
    "A text is the same after reading it back, NUL bytes included",
    arguments: ["", "a", "a\0b", "\0", "é\u{301}\u{1F600}", String(repeating: "x", count: 70_000)])
  func texts(_ text: String) throws {
    try database.execute("INSERT INTO t (a) VALUES (?)", [text])
    #expect(try database.text("SELECT a FROM t").map { Array($0.utf8) } == Array(text.utf8))
    #expect(try database.text("SELECT typeof(a) FROM t") == "text")
  }

  @Test(
    "A blob is the same after reading it back, an empty one is not NULL",
    arguments: [[], [0], [0xFF, 0x00, 0xC0], [UInt8](repeating: 0xA5, count: 70_000)])
  func blobs(_ bytes: [UInt8]) throws {
    try database.execute("INSERT INTO t (a) VALUES (?)", [Untrusted(bytes: bytes)])
    let read = try database.first("SELECT a FROM t") { row in try row.optionalBlob("a") }
    #expect(read == .some(bytes))
    #expect(try database.text("SELECT typeof(a) FROM t") == "blob")
  }

  @Test("Truth values are 1 and 0, and nil is NULL")
  func others() throws {
    try database.execute("INSERT INTO t (a, b, c) VALUES (?, ?, ?)", [true, false, nil])
    let row = try database.first("SELECT a, b, c FROM t") { row in
      [try row.number(at: 0), try row.number(at: 1), try row.number(at: 2)]
    }
    #expect(row == [1, 0, nil])
  }

  @Test("Text that is not UTF-8 is read with U+FFFD in place of what is malformed")
  func malformed() throws {
    try database.execute("INSERT INTO t (a) VALUES (CAST(x'61FF62' AS TEXT))")
    #expect(try database.text("SELECT a FROM t") == "a\u{FFFD}b")
  }

  @Test("A value of another type, and a column that is not there, throw")
  func types() throws {
    try database.execute("INSERT INTO t (a, b, c) VALUES ('1', x'31', 1.5)")
    _ = try database.first("SELECT a, b, c FROM t") { row in
      #expect(throws: DamagedRow(column: "a")) { try row.optionalNumber("a") }
      #expect(throws: DamagedRow(column: "a")) { try row.optionalBlob("a") }
      #expect(throws: DamagedRow(column: "b")) { try row.optionalText("b") }
      #expect(throws: DamagedRow(column: "c")) { try row.optionalNumber("c") }
      #expect(throws: DamagedRow(column: "d")) { try row.optionalText("d") }
    }
  }

  @Test("Columns are found by name in any order, also after another process added some")
  func columns() throws {
    try database.execute("INSERT INTO t (a, b, c) VALUES (1, 2, 3)")
    func read() throws -> [Int64?]? {
      try database.first("SELECT * FROM t") { row in
        [try row.optionalNumber("c"), try row.optionalNumber("a"), try row.optionalNumber("b")]
      }
    }
    #expect(try read() == [3, 1, 2])
    try other().script("ALTER TABLE t ADD COLUMN d DEFAULT 4")
    #expect(try read() == [3, 1, 2])
    #expect(try database.first("SELECT * FROM t") { row in try row.optionalNumber("d") } == 4)
  }

  // MARK: Statements

  @Test("A statement is compiled once, and works again after it failed")
  func reuse() throws {
    try database.script("CREATE TABLE u (a INTEGER PRIMARY KEY)")
    let insert = "INSERT INTO u (a) VALUES (?)"
    try database.execute(insert, [1])
    #expect(
      throws: DatabaseError(
        ResultCode(rawValue: SQLITE_CONSTRAINT | 6 << 8), "UNIQUE constraint failed: u.a")
    ) { try database.execute(insert, [1]) }
    try database.execute(insert, [2])
    #expect(database.changes == 1)
    #expect(try database.all("SELECT a FROM u") { row in try row.number(at: 0) } == [1, 2])
    #expect(database.kept.filter { $0 == insert }.count == 1)
  }

  @Test("A statement can be used within its own rows")
  func nested() throws {
    try database.script("INSERT INTO t (a) VALUES (1), (2)")
    let all = "SELECT a FROM t ORDER BY a"
    let pairs = try database.all(all) { outer in
      let outer = try outer.number(at: 0) ?? 0
      return try database.all(all) { inner in outer * 10 + (try inner.number(at: 0) ?? 0) }
    }
    #expect(pairs == [[11, 12], [21, 22]])
  }

  @Test("More or fewer values than parameters, no statement and two are mistakes")
  func mistakes() throws {
    for values in [[], [1, 2, 3]] as [Values] {
      #expect(
        code { try database.execute("INSERT INTO t (a, b) VALUES (?, ?)", values) } == .misuse)
    }
    try database.execute("INSERT INTO t (a, b) VALUES (?1, ?1)", [7])
    #expect(code { try database.execute("") } == .misuse)
    #expect(code { try database.execute("DELETE FROM t; DELETE FROM t") } == .misuse)
    #expect(try count(database) == 1)
    try database.execute("DELETE FROM t;\n")
    #expect(code { try database.execute("SELECT nothing") } == .error)
    #expect(code { try database.execute(#"SELECT "text" FROM t"#) } == .error)
  }

  // MARK: Transactions

  @Test("A transaction is undone when its body throws, and the next one works")
  func rollback() throws {
    #expect(throws: FixtureError.self) {
      try database.transaction(.immediate) {
        try database.execute("INSERT INTO t (a) VALUES (1)")
        throw FixtureError(text: "no")
      }
    }
    #expect(!database.isInTransaction)
    #expect(try count(database) == 0)
    try database.transaction(.immediate) { try database.execute("INSERT INTO t (a) VALUES (1)") }
    #expect(try count(other()) == 1)
  }

  @Test("A savepoint is undone alone")
  func savepoint() throws {
    try database.transaction(.immediate) {
      try database.execute("INSERT INTO t (a) VALUES (1)")
      for keeps in [false, true] {
        try database.savepoint {
          try database.execute("INSERT INTO t (a) VALUES (2)")
        } keeps: { _ in
          keeps
        }
      }
      #expect(throws: FixtureError.self) {
        try database.savepoint {
          try database.execute("INSERT INTO t (a) VALUES (3)")
          throw FixtureError(text: "no")
        } keeps: { _ in
          true
        }
      }
    }
    #expect(try database.all("SELECT a FROM t") { row in try row.number(at: 0) } == [1, 2])
  }

  @Test("A commit that fails undoes the transaction")
  func failedCommit() throws {
    try database.script(
      """
      CREATE TABLE parent (id PRIMARY KEY);
      CREATE TABLE child (p REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
      """)
    let failed = code {
      try database.transaction(.immediate) {
        try database.execute("INSERT INTO child (p) VALUES (1)")
      }
    }
    #expect(failed?.primary == .constraint)
    #expect(!database.isInTransaction)
    #expect(try database.number("SELECT count(*) FROM child") == 0)
  }

  @Test("A transaction that SQLite ended by itself is not committed")
  func ended() throws {
    try database.script("CREATE TABLE u (a UNIQUE); INSERT INTO u (a) VALUES (1)")
    let failed = code {
      try database.transaction(.immediate) {
        try database.execute("INSERT INTO u (a) VALUES (2)")
        try? database.execute("INSERT OR ROLLBACK INTO u (a) VALUES (1)")
        #expect(!database.isInTransaction)
      }
    }
    #expect(failed == .abort)
    #expect(try database.number("SELECT count(*) FROM u") == 1)
  }

  @Test("A reader keeps its state of the file while another connection commits")
  func snapshot() throws {
    let reader = try other()
    try reader.transaction(.deferred) {
      #expect(try count(reader) == 0)
      try database.script("INSERT INTO t (a) VALUES (1)")
      #expect(try count(reader) == 0)
    }
    #expect(try count(reader) == 1)
  }

  // MARK: Waiting and closing

  @Test("A writer waits as long as it was told, then says busy")
  func patience() throws {
    let second = try other(patience: 100)
    try database.execute("BEGIN IMMEDIATE")
    let begin = ContinuousClock.now
    #expect(code { try second.transaction(.immediate) {} } == .busy)
    #expect(ContinuousClock.now - begin >= .milliseconds(90))
    try database.execute("COMMIT")
    try second.transaction(.immediate) { try second.execute("INSERT INTO t (a) VALUES (1)") }
    #expect(try count(database) == 1)
  }

  @Test("A writer that waits goes on as soon as the other is done")
  func waiting() async throws {
    let path = path
    let done = Atomic(false)
    try database.execute("BEGIN IMMEDIATE")
    async let waited: Bool = StoreConnection { try Database(path, .shared, patience: 60_000) }.write
    {
      try $0.execute("INSERT INTO t (a) VALUES (1)")
      return done.load(ordering: .sequentiallyConsistent)
    }
    usleep(50_000)
    done.store(true, ordering: .sequentiallyConsistent)
    try database.execute("COMMIT")
    #expect(try await waited)
    #expect(try count(database) == 1)
  }

  @Test("While a statement is left it is not closed, and closes afterwards")
  func closing() throws {
    try database.script("INSERT INTO t (a) VALUES (1), (2)")
    var statement: Statement? = try database.prepare("SELECT a FROM t")
    #expect(try statement?.step() == true)
    #expect(code { try database.close() } == .busy)
    #expect(try count(database) == 2)
    #expect(try statement?.step() == true)
    statement = nil
    try database.close()
    try database.close()
    #expect(code { try database.execute("DELETE FROM t") } == .misuse)
    #expect(Set(directory.contents().keys) == ["file"], "the log was folded in")
  }

  @Test("Dropped with a statement that is left, it closes with that statement")
  func dropping() throws {
    let place = directory.path + "/dropped"
    try write([], to: place)
    var dropped: Database? = try Database(place, .shared)
    try dropped?.script("PRAGMA journal_mode = WAL; CREATE TABLE t (a)")
    // Long enough that SQLite would ask the connection whether to stop.
    var statement: Statement? = try dropped?.prepare(
      """
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
      SELECT count(*) FROM n, (SELECT count(*) FROM t)
      """)
    dropped = nil
    #expect(try statement?.step() == true)
    statement = nil
    #expect(directory.contents().keys.filter { $0.hasPrefix("dropped") } == ["dropped"])
  }

  // MARK: Errors

  @Test("A missing file is not created, and an immutable one is not written")
  func access() throws {
    let nowhere = directory.path + "/nowhere"
    #expect(code { try Database(nowhere, .shared).script("SELECT 1") }?.primary == .cannotOpen)
    #expect(directory.contents()["nowhere"] == nil)
    let immutable = try Database(path, .immutable)
    #expect(code { try immutable.execute("CREATE TABLE u (a)") }?.primary == .readOnly)
  }

  @Test("Errors of SQLite become those of the store")
  func mapping() {
    let expected: [(ResultCode, StoreError)] = [
      (.busy, .busy(path: path)), (.locked, .busy(path: path)),
      (ResultCode(rawValue: SQLITE_BUSY | 2 << 8), .busy(path: path)),
      (.notADatabase, .foreign(path: path)),
      (.corrupt, .damaged(path: path, detail: "x")), (.error, .damaged(path: path, detail: "x")),
      (.mismatch, .damaged(path: path, detail: "x")), (.schema, .damaged(path: path, detail: "x")),
      (.full, .system(path: path, .noSpace)),
      (.inputOutput, .database(path: path, detail: "x")),
      (.readOnly, .database(path: path, detail: "x")),
      (.cannotOpen, .database(path: path, detail: "x")),
    ]
    for (code, error) in expected {
      #expect(StoreError(DatabaseError(code, "x"), path: path) == error)
    }
    #expect(
      StoreError(DamagedRow(column: "a"), path: path)
        == .damaged(path: path, detail: "a row has an impossible value in a"))
    #expect(DatabaseError(.full).message == "database or disk is full")
  }
}

@Suite("A connection that tasks share")
struct ConnectionTests {
  private func connection(in directory: TemporaryDirectory) throws -> StoreConnection {
    let path = directory.path + "/file"
    try write([], to: path)
    let database = try Database(path, .shared)
    try database.script("CREATE TABLE t (a)")
    return StoreConnection(database)
  }

  @Test("Many tasks at once lose no write")
  func together() async throws {
    let directory = try TemporaryDirectory()
    let connection = try connection(in: directory)
    try await connection.use { try $0.script("PRAGMA synchronous = OFF") }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<64 {
        group.addTask {
          try await connection.write { try $0.execute("INSERT INTO t (a) VALUES (?)", [number]) }
        }
      }
      try await group.waitForAll()
    }
    #expect(try await connection.read { try $0.number("SELECT count(DISTINCT a) FROM t") } == 64)
  }

  /// Counts for minutes, if nothing stops it.
  private static let endless = """
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000000000)
    SELECT count(*) FROM n
    """

  @Test("A read stops when its task is cancelled, and the connection goes on")
  func cancelling() async throws {
    let directory = try TemporaryDirectory()
    let connection = try connection(in: directory)
    let (begun, start) = AsyncStream.makeStream(of: Void.self)
    let task = Task {
      try await connection.read { db in
        start.finish()
        return try db.number(Self.endless)
      }
    }
    for await _ in begun {}
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try await connection.read { try $0.number("SELECT count(*) FROM t") } == 0)
  }

  @Test("A read of a cancelled task does not begin; a write does")
  func cancelled() async throws {
    let directory = try TemporaryDirectory()
    let connection = try connection(in: directory)
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      try await connection.write { try $0.execute("INSERT INTO t (a) VALUES (1)") }
      return try await connection.read { try $0.number("SELECT count(*) FROM t") }
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try await connection.read { try $0.number("SELECT count(*) FROM t") } == 1)
  }

  @Test("It opens at its first use, not again after it was closed, and again after a failure")
  func opening() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/file"
    let connection = StoreConnection { try Database(path, .shared) }
    #expect(throws: DatabaseError.self) { try connection.use { try $0.script("SELECT 1") } }
    try write([], to: path)
    try await connection.use { try $0.script("SELECT 1") }
    try connection.close()
    try connection.close()
    #expect(throws: DatabaseError.self) { try connection.use { try $0.script("SELECT 1") } }
  }
}
