import Model

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
