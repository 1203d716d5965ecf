import GRDB
import Model
import Text

/// An organization service's data in one SQLite file, which several processes may use at once.
///
/// A commit survives a crash and a loss of power (WAL, `synchronous=FULL`). The store has a clock of
/// its own: the wall clock and what `advance` has put before it.
public struct Store: Sendable {
  public let path: String
  public let options: Options
  let time: any TimeSource
  let random: any RandomSource
  /// Two connections, so that a read never waits behind a write that waits for another process.
  let reader: DatabaseQueue
  let writer: DatabaseQueue
  let doubt = Doubt()

  /// What a file of this program is: `handshake --version` names it.
  public static var formatVersion: Int { Int(Schema.version) }

  /// How long to wait for another process to finish writing.
  static let patience: Double = 5

  /// Closes the file; the last process to do so folds the write-ahead log into it.
  public func close() throws(StoreError) {
    do {
      try reader.close()
      try writer.close()
    } catch { throw StoreError(error, path: path) }
  }
}

extension Store {
  /// The store's time, and how far it is ahead of the wall clock.
  public struct Clock: Hashable, Sendable {
    public var now: Timestamp
    /// Zero until somebody advances the store; shown as `+16d`.
    public var advanced: Span
  }

  public func clock() async throws(StoreError) -> Clock {
    try await reading { db in try Settings.fetch(db).clock(time) }
  }

  /// Moves the store's clock forward for all its users. What has expired by then is settled and what
  /// is forgotten is deleted, in the same transaction.
  ///
  /// A negative span is taken as zero: a service's clock does not go back.
  @discardableResult
  public func advance(_ span: Span) async throws(StoreError) -> Clock {
    let span = max(span, .zero)
    return try await writing { db in
      try db.execute(
        sql: """
          UPDATE settings SET clock_offset = clock_offset + min(?, ?)
          """,
        arguments: [span.milliseconds, Self.furthestAdvance.milliseconds])
      let clock = try Settings.fetch(db).clock(time)
      try ExpirySweep(db: db, now: clock.now).run()
      return clock
    }
  }

  /// A single step beyond this is cut: dates must stay within four-digit years.
  static let furthestAdvance = Span.days(36_500)

  /// What SQLite's own check of the file finds wrong; empty for a sound file. Reads all of it.
  public func quickCheck() async throws(StoreError) -> [String] {
    try await reading { db in
      let lines = try String.fetchAll(db, sql: "PRAGMA quick_check")
      return lines == ["ok"] ? [] : lines
    }
  }
}

extension Store {
  /// A read in one snapshot, with its errors as ours.
  func reading<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreError) -> Value {
    do { return try await reader.read(body) } catch { throw StoreError(error, path: path) }
  }

  /// A transaction, with its errors as ours. It is not broken off when the caller's task is
  /// cancelled: it is carried out or refused, never in between.
  func writing<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreError) -> Value {
    let writer = writer
    do {
      return try await Task { try await writer.write(body) }.value
    } catch { throw StoreError(error, path: path) }
  }
}

extension Store {
  /// How an embedded organization was made. Kept in its file; holds for all its users, and for the
  /// one that `reset` makes in its place.
  public struct Options: Hashable, Sendable {
    public var reading: Reading
    /// Whether the service's request rates are enforced.
    public var throttle: Bool
    /// How many pending invitations to make in place of the demonstration.
    public var size: Int?
    /// One organization with one account, a standalone account, and nothing sent.
    public var empty: Bool
    /// Chooses among equal worlds: names, ids, the order of parties.
    public var seed: UInt64

    public init(
      reading: Reading = .guide, throttle: Bool = false, size: Int? = nil, empty: Bool = false,
      seed: UInt64 = 1
    ) {
      self.reading = reading
      self.throttle = throttle
      self.size = size
      self.empty = empty
      self.seed = seed
    }
  }

  /// What to play where AWS's own pages contradict each other (DOM-14.2).
  public enum Reading: String, Hashable, CaseIterable, Sendable {
    /// The user guide: members are asked by APPROVE_ALL_FEATURES and the parent is
    /// ENABLE_ALL_FEATURES; moving between organizations needs `organizations:LeaveOrganization`;
    /// invitations go on while all features are being enabled.
    case guide
    /// The API reference: the two actions the other way round; moving needs no such permission; no
    /// invitations while all features are being enabled.
    case reference
  }
}

/// The store's one row of settings.
struct Settings {
  var options: Store.Options
  var clockOffset: Span

  static func fetch(_ db: Database) throws -> Settings {
    guard
      let row = try Row.fetchOne(
        db.cachedStatement(sql: "SELECT * FROM settings WHERE id = 1"))
    else { throw DamagedRow(column: "settings") }
    let fields = Fields(row)
    return Settings(
      options: Store.Options(
        reading: try fields.choice("reading"), throttle: try fields.flag("throttle"),
        size: try row.decode(Int?.self, forColumn: "size"), empty: try fields.flag("empty"),
        seed: UInt64(bitPattern: try fields.number("seed"))),
      clockOffset: Span(milliseconds: try fields.number("clock_offset")))
  }

  static func insert(_ options: Store.Options, into db: Database) throws {
    try db.execute(
      sql:
        "INSERT INTO settings (id, reading, throttle, size, empty, seed) VALUES (1, ?, ?, ?, ?, ?)",
      arguments: [
        options.reading.rawValue, options.throttle, options.size, options.empty,
        Int64(bitPattern: options.seed),
      ])
  }

  func clock(_ time: any TimeSource) -> Store.Clock {
    Store.Clock(now: time.now() + clockOffset, advanced: clockOffset)
  }
}

extension Store {
  /// An account of the store and its place.
  public struct Account: Hashable, Sendable {
    public var id: AccountID
    public var name: Untrusted
    public var email: Untrusted
    /// Nil when it stands alone.
    public var organization: OrganizationID?
    public var role: Identity.Role
  }

  /// Every account, by id.
  public func accounts() async throws(StoreError) -> [Account] {
    try await reading { db in try Account.fetchAll(db, where: "1") }
  }

  /// The accounts that are a party to a handshake that the service still shows, by id: those that
  /// were asked, and those whose organization asks. The cost is that of the accounts, not of the
  /// handshakes.
  public func parties() async throws(StoreError) -> [Account] {
    let time = time
    return try await reading { db in
      let now = try Settings.fetch(db).clock(time).now
      let forgotten = (now - ExpirySweep.memory).milliseconds
      return try Account.fetchAll(
        db,
        where: """
          EXISTS (SELECT 1 FROM handshakes WHERE recipient = accounts.id
            AND coalesce(ended, expires) > ?1)
          OR EXISTS (SELECT 1 FROM organizations JOIN handshakes
            ON handshakes.organization = organizations.id
            WHERE organizations.management_account = accounts.id
            AND coalesce(handshakes.ended, handshakes.expires) > ?1)
          """, [forgotten])
    }
  }
}

extension Store.Account {
  fileprivate static func fetchAll(
    _ db: Database, where condition: String, _ arguments: StatementArguments = []
  ) throws -> [Store.Account] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT accounts.id, accounts.name, accounts.email, memberships.organization,
          (SELECT management_account FROM organizations
           WHERE organizations.id = memberships.organization) AS manager
        FROM accounts LEFT JOIN memberships ON memberships.account = accounts.id
        WHERE \(condition) ORDER BY accounts.id
        """, arguments: arguments
    ).map { try Store.Account(Fields($0)) }
  }

  private init(_ fields: Fields) throws {
    id = try fields.account("id")
    name = try fields.bytes("name")
    email = Untrusted(try fields.text("email"))
    organization = try fields.optionalOrganization("organization")
    let manager = try fields.optionalAccount("manager")
    role = organization == nil ? .standalone : manager == id ? .management : .member
  }
}

extension Store {
  /// The same store with the service's request rates enforced for the calls that go through it,
  /// however it was made.
  public func throttled() -> Store {
    var options = options
    options.throttle = true
    return Store(
      path: path, options: options, time: time, random: random, reader: reader, writer: writer)
  }
}
