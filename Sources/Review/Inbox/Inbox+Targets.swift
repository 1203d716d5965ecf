import Model

extension Inbox {
  /// The rows that an act of staging is meant for, in the order shown: the marked ones that this view
  /// shows, else the focused one. What a filter hides is never among them.
  public func targets(
    marked: Set<RowKey>, focus: RowKey?, in selection: RowSelection
  ) -> [RowKey] {
    let shown = positions(of: marked, in: selection)
    if !shown.isEmpty { return shown.map(\.key) }
    guard let focus, position(of: focus, in: selection) != nil else { return [] }
    return [focus]
  }

  /// How many of the marked rows this view does not show.
  public func hidden(of marked: Set<RowKey>, in selection: RowSelection) -> Int {
    marked.count - positions(of: marked, in: selection).count
  }

  /// The keys at these positions, as far as there are such.
  public func keys(_ positions: Range<Int>, in selection: RowSelection) -> [RowKey] {
    let shown = listing(selection).shown
    return positions.clamped(to: shown.indices).map { store.rows[Int(shown[$0])].key }
  }

  private func positions(
    of keys: Set<RowKey>, in selection: RowSelection
  ) -> [(key: RowKey, position: Int)] {
    let listing = listing(selection)
    let found = keys.compactMap { key -> (key: RowKey, position: Int)? in
      guard let slot = store.slots[key], let position = listing.position(of: slot, in: store)
      else { return nil }
      return (key, position)
    }
    return found.sorted { $0.position < $1.position }
  }
}
