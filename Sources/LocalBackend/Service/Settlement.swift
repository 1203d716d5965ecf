import GRDB
import Model

/// Writes down what the clock has done: pending handshakes that expired, and those that the service
/// has forgotten. Readers do not depend on it (they compare with the clock themselves); the
/// constraints on pending handshakes do.
struct Settlement {
  let db: Database
  let now: Timestamp

  /// How long the service shows a handshake after its end.
  static let memory = Span.days(30)

  func run() throws {
    try db.cachedStatement(
      sql: """
        UPDATE handshakes SET state = 'EXPIRED', ended = expires
        WHERE ended IS NULL AND expires <= ?
        """
    ).execute(arguments: [now.milliseconds])
    let forgotten = (now - Self.memory).milliseconds
    // Children stay as long as their parent, which counts their consents; they go with it.
    try db.cachedStatement(
      sql: "DELETE FROM handshakes WHERE ended <= ? AND parent IS NULL"
    ).execute(arguments: [forgotten])
    guard db.changesCount > 0 else { return }
    try db.execute(
      sql: """
        DELETE FROM responsibility_transfers WHERE accepted IS NULL
          AND NOT EXISTS (SELECT 1 FROM handshakes WHERE transfer = responsibility_transfers.id)
        """)
  }
}
