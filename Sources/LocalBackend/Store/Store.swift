import GRDB
import Model

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
      try Settlement(db: db, now: clock.now).run()
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
