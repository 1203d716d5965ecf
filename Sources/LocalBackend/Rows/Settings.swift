import GRDB
import Model

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
