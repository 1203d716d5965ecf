import Model
import Text

/// The data of an embedded organization in one SQLite file, which several processes may use at
/// once.
///
/// A commit survives a crash and a loss of power (WAL, `synchronous=FULL`). The store has its own
/// clock: the wall clock plus the time by which `advance` has moved it.
public struct Store: Sendable {
  /// The path of the SQLite file, as it was given.
  public let path: String
  /// The options that the organization was created with; `throttled()` changes one of them.
  public let options: Options
  let time: any TimeSource
  let random: any RandomSource
  /// The connection for reads, separate so that a read never waits for a write that is itself
  /// waiting.
  let reader: StoreConnection
  /// The connection for writes, which the first write opens.
  let writer: StoreConnection
  let doubt = Doubt()

  /// The schema's version, which `handshake --version` prints.
  public static var formatVersion: Int { Int(Schema.version) }

  /// The milliseconds to wait for another process to finish writing.
  static let patience: Int32 = 5_000

  /// Closes the file; the last process to close it folds the write-ahead log into it.
  ///
  /// - Throws: `StoreError` as SQLite fails.
  public func close() throws(StoreError) {
    do {
      try reader.close()
      try writer.close()
    } catch { throw StoreError(error, path: path) }
  }
}

extension Store {
  /// The store's time and its difference from the wall clock.
  public struct Clock: Hashable, Sendable {
    /// The wall clock's time plus `advanced`.
    public var now: Timestamp
    /// The difference; zero until the clock is advanced, shown as `+16d`.
    public var advanced: Span
  }

  /// Reads the store's clock.
  ///
  /// - Throws: `StoreError` if the file cannot be read or its settings are damaged.
  public func clock() async throws(StoreError) -> Clock {
    try await reading { db in try StoreSettings.fetch(db).clock(time) }
  }

  /// Moves the store's clock forward for all its users.
  ///
  /// Handshakes that expire by it are ended, and forgotten ones deleted, in the same transaction. A
  /// negative span counts as zero, since a service's clock does not go back; one beyond 100 years
  /// is cut.
  ///
  /// - Throws: `StoreError` if the file cannot be written, for instance `.busy`.
  @discardableResult
  public func advance(_ span: Span) async throws(StoreError) -> Clock {
    let span = max(span, .zero)
    return try await writing { db in
      try db.execute(
        "UPDATE settings SET clock_offset = clock_offset + min(?, ?)",
        [span.milliseconds, Self.furthestAdvance.milliseconds])
      let clock = try StoreSettings.fetch(db).clock(time)
      try ExpirySweep(db: db, now: clock.now).run()
      return clock
    }
  }

  /// The largest single step; dates must stay within four-digit years.
  static let furthestAdvance = Span.days(36_500)

  /// Returns the problems that SQLite's `quick_check` finds, none for an intact file.
  ///
  /// It reads the whole file.
  ///
  /// - Throws: `StoreError` if the file cannot be read.
  public func quickCheck() async throws(StoreError) -> [String] {
    try await reading { db in
      let lines = try db.all("PRAGMA quick_check") { row in try row.text(at: 0) ?? "" }
      return lines == ["ok"] ? [] : lines
    }
  }
}

extension Store {
  /// Runs a read in one snapshot.
  ///
  /// - Throws: `StoreError` for any error of `body` or of SQLite.
  func reading<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreError) -> Value {
    do { return try await reader.read(body) } catch { throw StoreError(error, path: path) }
  }

  /// Runs a transaction, which cancelling the caller's task does not interrupt.
  ///
  /// - Throws: `StoreError` for any error of `body` or of SQLite.
  func writing<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreError) -> Value {
    do { return try await writer.write(body) } catch { throw StoreError(error, path: path) }
  }
}

extension Store {
  /// The options that an embedded organization was created with.
  ///
  /// They are stored in its file, and apply to all its users and to the organization that `reset`
  /// creates.
  public struct Options: Hashable, Sendable {
    /// The AWS page whose rules apply where two pages contradict each other.
    public var reading: Reading
    /// Whether the service's request rates are enforced.
    public var throttle: Bool
    /// The number of pending invitations to create instead of the demonstration; nil for the
    /// latter.
    public var size: Int?
    /// Whether to create just an organization with one account, a standalone account, and no
    /// handshakes.
    public var empty: Bool
    /// The seed for everything that is chosen at random: names, ids, the order of parties.
    public var seed: UInt64

    /// Creates options; the default is the demonstration, read by the user guide and not throttled.
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

  /// The AWS page whose rules apply where AWS's pages contradict each other (DOM-14.2).
  public enum Reading: String, Hashable, CaseIterable, Sendable {
    /// The user guide.
    ///
    /// Members are asked with APPROVE_ALL_FEATURES and the parent is ENABLE_ALL_FEATURES. Moving
    /// between organizations needs `organizations:LeaveOrganization`. Invitations can be sent while
    /// all features are being enabled.
    case guide
    /// The API reference.
    ///
    /// The two actions are swapped. Moving needs no such permission. No invitations can be sent
    /// while all features are being enabled.
    case reference
  }
}

/// The row of the table `settings`.
struct StoreSettings {
  var options: Store.Options
  var clockOffset: Span

  static func fetch(_ db: Database) throws -> StoreSettings {
    let settings = try db.first("SELECT * FROM settings WHERE id = 1") { row in
      StoreSettings(
        options: Store.Options(
          reading: try row.choice("reading"), throttle: try row.flag("throttle"),
          size: try row.optionalNumber("size").map { Int($0) }, empty: try row.flag("empty"),
          seed: UInt64(bitPattern: try row.number("seed"))),
        clockOffset: Span(milliseconds: try row.number("clock_offset")))
    }
    guard let settings else { throw DamagedRow(column: "settings") }
    return settings
  }

  static func insert(_ options: Store.Options, into db: Database) throws {
    try db.execute(
      "INSERT INTO settings (id, reading, throttle, size, empty, seed) VALUES (1, ?, ?, ?, ?, ?)",
      [
        options.reading.rawValue, options.throttle, options.size, options.empty,
        Int64(bitPattern: options.seed),
      ])
  }

  func clock(_ time: any TimeSource) -> Store.Clock {
    Store.Clock(now: time.now() + clockOffset, advanced: clockOffset)
  }
}

extension Store {
  /// An account of the store with its organization and role.
  public struct Account: Hashable, Sendable {
    /// The account's number.
    public var id: AccountID
    /// The account's name, any bytes.
    public var name: Untrusted
    /// The e-mail address of the account's owner, unique in the store.
    public var email: Untrusted
    /// The organization that it is in; nil if it is standalone.
    public var organization: OrganizationID?
    /// The role: standalone, member or management account.
    public var role: Identity.Role
  }

  /// Returns all accounts in the order of their ids.
  ///
  /// - Throws: `StoreError` if the file cannot be read or a row is damaged.
  public func accounts() async throws(StoreError) -> [Account] {
    try await reading { db in try Account.fetchAll(db, where: "1") }
  }

  /// Returns the accounts that are a party to a handshake that the service still shows, by id.
  ///
  /// These are the recipients and the senders' management accounts. The cost depends on the number
  /// of accounts, not of handshakes.
  ///
  /// - Throws: `StoreError` if the file cannot be read or a row is damaged.
  public func parties() async throws(StoreError) -> [Account] {
    let time = time
    return try await reading { db in
      let now = try StoreSettings.fetch(db).clock(time).now
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
    _ db: Database, where condition: String, _ values: Values = []
  ) throws -> [Store.Account] {
    try db.all(
      """
      SELECT accounts.id, accounts.name, accounts.email, memberships.organization,
        (SELECT management_account FROM organizations
         WHERE organizations.id = memberships.organization) AS manager
      FROM accounts LEFT JOIN memberships ON memberships.account = accounts.id
      WHERE \(condition) ORDER BY accounts.id
      """, values
    ) { row in try Store.Account(row) }
  }

  private init(_ row: borrowing ResultRow) throws {
    id = try row.account("id")
    name = try row.bytes("name")
    email = Untrusted(try row.text("email"))
    organization = try row.optionalOrganization("organization")
    let manager = try row.optionalAccount("manager")
    role = organization == nil ? .standalone : manager == id ? .management : .member
  }
}

extension Store {
  /// Returns the same store with the service's request rates enforced for calls through it.
  public func throttled() -> Store {
    var options = options
    options.throttle = true
    return Store(
      path: path, options: options, time: time, random: random, reader: reader, writer: writer)
  }
}
