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

extension Listing {
  /// Takes note of rows that are new or have changed. New ones are put in their place, or wait if
  /// `queueing`; those that are already placed stay where they are.
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

  /// Lets in what waits, takes out what no longer belongs here, and puts what changed in its place.
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

  /// Texts must have been completed if the filter has words.
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

  /// Looks through all rows again: time has passed, or rows have changed where they stand.
  mutating func refilter(in store: RowStore, now: Timestamp?) {
    countScope(in: store)
    refilter(base, in: store, now: now)
  }

  // MARK: Parts

  private mutating func grow(to count: Int) {
    guard places.count < count else { return }
    places.append(contentsOf: repeatElement(.none, count: count - places.count))
    keys.append(contentsOf: repeatElement(.none, count: count - keys.count))
  }

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

  private mutating func makeKey(_ slot: Int, in store: RowStore) -> SortKey {
    work.keysMade += 1
    let row = store.rows[slot]
    return SortKey(
      row, order, trust: order.field == .trust ? store.trustMark(of: row).rank : 0)
  }

  private mutating func countScope(in store: RowStore) {
    inScope = scope == nil ? nil : base.count { isInScope($0, in: store) }
  }

  private func isInScope(_ slot: Int32, in store: RowStore) -> Bool {
    scope.map { store.rows[Int(slot)].belongs(to: selection.side, of: $0) } ?? true
  }

  private mutating func refilter(_ slots: [Int32], in store: RowStore, now: Timestamp?) {
    passing = filter.isEmpty && scope == nil ? nil : passing(slots, in: store, now: now)
  }

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
  /// For changing what is inside in place.
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

/// Compares slots by the key of their row, then by id, then by arrival; counts how often.
struct SlotOrder {
  let keys: [SortKey]
  let rows: [Row]
  private(set) var comparisons = 0

  init(keys: [SortKey], rows: [Row]) {
    self.keys = keys
    self.rows = rows
  }

  mutating func isBefore(_ left: Int32, _ right: Int32) -> Bool {
    comparisons &+= 1
    let (leftKey, rightKey) = (keys[Int(left)], keys[Int(right)])
    if leftKey != rightKey { return leftKey < rightKey }
    if let leftID = rows[Int(left)].id, let rightID = rows[Int(right)].id, leftID != rightID {
      return leftID < rightID
    }
    return left < right
  }

  /// Orders everything anew. Keys lie beside their slots for it, which a sort of slots alone would
  /// look up all over the memory.
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

  /// The first position in the ordered `slots` that does not come before `slot`.
  mutating func position(of slot: Int32, in slots: [Int32]) -> Int {
    var low = 0
    var high = slots.count
    while low < high {
      let middle = low + (high - low) / 2
      if isBefore(slots[middle], slot) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Merges the ordered `arrivals` into the ordered `slots`: a search for each, and one move of what
  /// lies behind.
  mutating func merge(_ arrivals: [Int32], into slots: inout [Int32]) {
    guard !arrivals.isEmpty else { return }
    let places = arrivals.map { position(of: $0, in: slots) }
    var end = slots.count
    slots.append(contentsOf: arrivals)
    for index in arrivals.indices.reversed() {
      let place = places[index]
      // What lies between this place and the one above moves by the arrivals still to be placed.
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
