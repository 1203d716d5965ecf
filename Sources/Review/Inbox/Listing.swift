import Model
import ReviewJournal

/// An ordered, filtered view of the rows.
///
/// Rows are merged in and out; everything is sorted again only for a new order. A filter that is
/// narrowed tests only the rows of its last result. Positions count the rows shown; slots are
/// indices into the store.
public struct Listing: Hashable, Sendable {
  /// The rows that belong to the view, before its filter and scope.
  public let selection: RowSelection
  /// The order of the rows.
  public internal(set) var order = RowOrder.standard
  /// The operator's filter.
  public internal(set) var filter = RowFilter.none
  /// The account whose rows are shown; nil for all accounts.
  public internal(set) var scope: AccountID?
  /// The work done so far.
  public internal(set) var work = Work()
  /// Whether a row other than an invitation was ever placed here.
  public internal(set) var holdsOtherKinds = false

  /// The sort keys, by slot.
  ///
  /// A key is made when a row is placed, and kept until the operator asks for a new order, so that
  /// a row that changes keeps its position.
  var keys: [SortKey] = []
  /// The state of each slot in this view.
  var places: [Place] = []
  /// All placed slots, in order.
  var base: [Int32] = []
  /// The placed slots that pass filter and scope, in the same order; nil when all do.
  var passing: [Int32]?
  /// The number of placed slots in scope; nil when no scope is set.
  var inScope: Int?
  /// The slots that arrived after the first listing and wait behind the note.
  var queued: [Int32] = []
  /// The placed slots whose row has changed since it was placed.
  var changed: Set<Int32> = []
  /// The width in columns of the longest organization id that was ever placed here.
  ///
  /// It never shrinks, so that a column of this width stays where it is.
  public internal(set) var organizationWidth = 0

  /// The state of a slot in this view.
  enum Place: Hashable {
    case none
    case placed
    case queued
  }

  /// Counts of the work done: tests check these, not the time.
  public struct Work: Hashable, Sendable {
    /// Sort keys that were made.
    public internal(set) var keysMade = 0
    /// Comparisons of two rows.
    public internal(set) var comparisons = 0
    /// Rows that were tested against the filter and scope.
    public internal(set) var rowsTested = 0
    /// Sorts of all rows.
    public internal(set) var sorts = 0
  }

  init(_ selection: RowSelection) { self.selection = selection }

  /// The slots shown, in order.
  var shown: [Int32] { passing ?? base }

  /// The number of rows shown.
  public var count: Int { shown.count }
  /// The number of rows without the filter, of those that the account in scope sees.
  public var total: Int { inScope ?? base.count }
  /// The number of rows without the filter and scope.
  public var all: Int { base.count }
  /// The number of rows that wait behind the "n new" note.
  public var waiting: Int { queued.count }

  /// Returns the position at which a row is shown; nil when it is not shown.
  func position(of slot: Int, in store: RowStore) -> Int? {
    guard places.indices.contains(slot), places[slot] == .placed else { return nil }
    let rows = shown
    var order = SlotOrder(keys: keys, rows: store.rows)
    let position = order.position(of: Int32(slot), in: rows)
    return rows.indices.contains(position) && rows[position] == Int32(slot) ? position : nil
  }
}

extension Listing {
  /// Applies rows that are new or have changed.
  ///
  /// New rows that belong here are placed, or wait if `queueing`. Rows that are placed already keep
  /// their position.
  mutating func note(_ slots: [Int], in store: RowStore, queueing: Bool, now: Timestamp?) {
    grow(to: store.rows.count)
    var arrivals: [Int32] = []
    for slot in slots {
      let belongs = selection.contains(store.rows[slot])
      switch places[slot] {
      case .placed:
        changed.insert(Int32(slot))
        if store.rows[slot].shape != .invitation { holdsOtherKinds = true }
      case .queued: break
      case .none where belongs && queueing:
        places[slot] = .queued
        queued.append(Int32(slot))
      case .none where belongs: arrivals.append(Int32(slot))
      case .none: break
      }
    }
    place(arrivals, in: store, now: now)
  }

  /// Places the rows that wait, removes those that no longer belong here, and moves changed ones to
  /// their position in the order.
  mutating func settle(in store: RowStore, now: Timestamp?) {
    grow(to: store.rows.count)
    let leaving = changed
    if !leaving.isEmpty {
      base.removeAll { leaving.contains($0) }
      passing?.removeAll { leaving.contains($0) }
      for slot in leaving { places[Int(slot)] = .none }
    }
    let arrivals = (leaving + queued).filter { selection.contains(store.rows[Int($0)]) }
    for slot in queued { places[Int(slot)] = .none }
    changed = []
    queued = []
    place(arrivals, in: store, now: now)
    countScope(in: store)
  }

  /// Sorts all rows by a new order; rows that changed and no longer belong here are removed.
  ///
  /// The same order as before changes nothing.
  mutating func setOrder(_ newOrder: RowOrder, in store: RowStore, now: Timestamp?) {
    guard newOrder != order else { return }
    order = newOrder
    base.removeAll { slot in
      guard changed.contains(slot), !selection.contains(store.rows[Int(slot)]) else { return false }
      places[Int(slot)] = .none
      return true
    }
    changed = []
    for slot in base { keys[Int(slot)] = makeKey(Int(slot), in: store) }
    var slotOrder = SlotOrder(keys: keys, rows: store.rows)
    slotOrder.sort(&base)
    work.comparisons += slotOrder.comparisons
    work.sorts += 1
    countScope(in: store)
    refilter(base, in: store, now: now)
  }

  /// Sets the filter and the scope.
  ///
  /// If the filter has words, the search texts have to be complete.
  mutating func setFilter(
    _ filter: RowFilter, scope: AccountID?, in store: RowStore, now: Timestamp?
  ) {
    let narrows = filter.narrows(self.filter) && (self.scope == nil || scope == self.scope)
    self.filter = filter
    if scope != self.scope {
      self.scope = scope
      countScope(in: store)
    }
    refilter(narrows ? shown : base, in: store, now: now)
  }

  /// Tests all rows again, because time has passed or rows have changed in place.
  mutating func refilter(in store: RowStore, now: Timestamp?) {
    countScope(in: store)
    refilter(base, in: store, now: now)
  }

  // MARK: Parts

  /// Makes room for the slots up to `count`.
  private mutating func grow(to count: Int) {
    guard places.count < count else { return }
    places.append(contentsOf: repeatElement(.none, count: count - places.count))
    keys.append(contentsOf: repeatElement(.none, count: count - keys.count))
  }

  /// Makes the keys of rows and merges them into the view.
  private mutating func place(_ slots: [Int32], in store: RowStore, now: Timestamp?) {
    guard !slots.isEmpty else { return }
    for slot in slots {
      keys[Int(slot)] = makeKey(Int(slot), in: store)
      places[Int(slot)] = .placed
      let row = store.rows[Int(slot)]
      organizationWidth = max(
        organizationWidth, row.handshake.senderOrganization?.text.utf8.count ?? 0)
      if row.shape != .invitation { holdsOtherKinds = true }
    }
    var order = SlotOrder(keys: keys, rows: store.rows)
    let slots = slots.sorted { order.isBefore($0, $1) }
    order.merge(slots, into: &base)
    if let count = inScope { inScope = count + slots.count { isInScope($0, in: store) } }
    if passing != nil {
      let fitting = passing(slots, in: store, now: now)
      order.merge(fitting, into: &passing.orEmpty)
    }
    work.comparisons += order.comparisons
  }

  /// Makes the sort key of a row for the current order.
  private mutating func makeKey(_ slot: Int, in store: RowStore) -> SortKey {
    work.keysMade += 1
    let row = store.rows[slot]
    return SortKey(
      row, order, trust: order.field == .trust ? store.trustMark(of: row).rank : 0)
  }

  /// Counts the placed rows that are in scope.
  private mutating func countScope(in store: RowStore) {
    inScope = scope == nil ? nil : base.count { isInScope($0, in: store) }
  }

  /// Returns whether the account in scope sees the row on this view's side.
  private func isInScope(_ slot: Int32, in store: RowStore) -> Bool {
    scope.map { store.rows[Int(slot)].belongs(to: selection.side, of: $0) } ?? true
  }

  /// Sets `passing` to those of `slots` that pass the filter and the scope.
  private mutating func refilter(_ slots: [Int32], in store: RowStore, now: Timestamp?) {
    passing = filter.isEmpty && scope == nil ? nil : passing(slots, in: store, now: now)
  }

  /// Returns those of `slots` that pass the filter and the scope.
  private mutating func passing(_ slots: [Int32], in store: RowStore, now: Timestamp?) -> [Int32] {
    work.rowsTested += slots.count
    let tests = store.tests(of: filter, now: now, candidates: slots.count)
    return slots.filter { slot in
      guard isInScope(slot, in: store) else { return false }
      return tests.allSatisfy { $0(Int(slot)) }
    }
  }
}

extension [Int32]? {
  /// The array, or an empty one, for changing it in place without a copy.
  fileprivate var orEmpty: [Int32] {
    get { self ?? [] }
    _modify {
      var value = self ?? []
      self = nil
      defer { self = value }
      yield &value
    }
  }
}

/// The order of slots: by the sort key of their row, then by id, then by arrival.
///
/// It counts the comparisons.
struct SlotOrder {
  let keys: [SortKey]
  let rows: [Row]
  private(set) var comparisons = 0

  init(keys: [SortKey], rows: [Row]) {
    self.keys = keys
    self.rows = rows
  }

  /// Returns whether `left` comes before `right`.
  mutating func isBefore(_ left: Int32, _ right: Int32) -> Bool {
    comparisons &+= 1
    let (leftKey, rightKey) = (keys[Int(left)], keys[Int(right)])
    if leftKey != rightKey { return leftKey < rightKey }
    if let leftID = rows[Int(left)].id, let rightID = rows[Int(right)].id, leftID != rightID {
      return leftID < rightID
    }
    return left < right
  }

  /// Sorts all slots.
  ///
  /// The keys are copied next to their slots first, because sorting slots alone would look keys up
  /// all over the memory.
  mutating func sort(_ slots: inout [Int32]) {
    var entries = slots.map { (key: keys[Int($0)], slot: $0) }
    entries.sort { left, right in
      if left.key != right.key {
        comparisons &+= 1
        return left.key < right.key
      }
      return isBefore(left.slot, right.slot)
    }
    slots = entries.map(\.slot)
  }

  /// Returns the first position in the ordered `slots` whose slot does not come before `slot`.
  mutating func position(of slot: Int32, in slots: [Int32]) -> Int {
    var low = 0
    var high = slots.count
    while low < high {
      let middle = low + (high - low) / 2
      if isBefore(slots[middle], slot) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Merges the ordered `arrivals` into the ordered `slots`.
  ///
  /// Each arrival takes one binary search, and each slot behind it moves once.
  mutating func merge(_ arrivals: [Int32], into slots: inout [Int32]) {
    guard !arrivals.isEmpty else { return }
    let places = arrivals.map { position(of: $0, in: slots) }
    var end = slots.count
    slots.append(contentsOf: arrivals)
    for index in arrivals.indices.reversed() {
      let place = places[index]
      // The slots between this position and the one above move by the number of arrivals still to
      // be placed.
      slots.withUnsafeMutableBufferPointer { buffer in
        if let base = buffer.baseAddress {
          (base + place + index + 1).update(from: base + place, count: end - place)
        }
        buffer[place + index] = arrivals[index]
      }
      end = place
    }
  }
}
