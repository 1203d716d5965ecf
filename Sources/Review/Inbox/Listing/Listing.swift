import Model

/// An ordered, filtered view of the rows. Rows come and go by merging, never by sorting anew; a filter
/// that grows looks through its last result only.
///
/// Positions count what is shown; slots say where a row lies in the store.
public struct Listing: Hashable, Sendable {
  public let selection: RowSelection
  public internal(set) var order = RowOrder.standard
  public internal(set) var filter = RowFilter.none
  /// When set, only rows that this account sees.
  public internal(set) var scope: AccountID?
  public internal(set) var work = Work()
  /// Whether a row that is no invitation was ever placed here.
  public internal(set) var holdsOtherKinds = false

  /// By slot; made when a row is placed, and kept until the operator asks for new order, so that a
  /// row that changes stays where it is.
  var keys: [SortKey] = []
  var places: [Place] = []
  /// All placed slots, in order.
  var base: [Int32] = []
  /// Those that pass filter and scope, in the same order; nil when all do.
  var passing: [Int32]?
  /// How many of them the account in scope sees; nil when none is set.
  var inScope: Int?
  /// Arrived after the first listing: wait behind the note.
  var queued: [Int32] = []
  /// Placed, and changed since.
  var changed: Set<Int32> = []
  /// Columns of the longest organization id that was ever placed here. It never shrinks, so that a column made
  /// for it stays where it is.
  public internal(set) var organizationWidth = 0

  enum Place: Hashable {
    case none
    case placed
    case queued
  }

  /// What was done so far: tests count work, not time.
  public struct Work: Hashable, Sendable {
    public internal(set) var keysMade = 0
    public internal(set) var comparisons = 0
    public internal(set) var rowsTested = 0
    /// Orderings of everything.
    public internal(set) var sorts = 0
  }

  init(_ selection: RowSelection) { self.selection = selection }

  var shown: [Int32] { passing ?? base }

  /// How many rows are shown.
  public var count: Int { shown.count }
  /// How many there would be without a filter, of those that the account in scope sees.
  public var total: Int { inScope ?? base.count }
  /// How many there are, whoever sees them.
  public var all: Int { base.count }
  /// How many rows wait behind the "n new" note.
  public var waiting: Int { queued.count }

  /// Where a row is shown; nil when it is not.
  func position(of slot: Int, in store: RowStore) -> Int? {
    guard places.indices.contains(slot), places[slot] == .placed else { return nil }
    let rows = shown
    var order = SlotOrder(keys: keys, rows: store.rows)
    let position = order.position(of: Int32(slot), in: rows)
    return rows.indices.contains(position) && rows[position] == Int32(slot) ? position : nil
  }
}
