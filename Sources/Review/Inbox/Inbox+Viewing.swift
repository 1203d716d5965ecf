import Model

extension Inbox {
  /// Sorts a view anew. Marks, plan and focus are keyed, so nothing else changes.
  public mutating func setOrder(_ order: RowOrder, in selection: RowSelection) {
    change(selection) { listing, store, now in listing.setOrder(order, in: store, now: now) }
  }

  public mutating func setFilter(
    _ filter: RowFilter, in selection: RowSelection, at now: Timestamp?
  ) {
    if filter.needsTexts { store.completeSearch() }
    change(selection, at: now) { listing, store, now in
      listing.setFilter(filter, scope: listing.scope, in: store, now: now)
    }
  }

  /// Shows only what one account sees, in every view; all accounts with nil.
  public mutating func setScope(_ scope: AccountID?, at now: Timestamp?) {
    for selection in listings.map(\.selection) {
      change(selection, at: now) { listing, store, now in
        listing.setFilter(listing.filter, scope: scope, in: store, now: now)
      }
    }
  }

  /// How many rows a view would show with another filter or scope. Looks through all of them.
  public func count(
    in selection: RowSelection, filter: RowFilter, scope: AccountID?, at now: Timestamp?
  ) -> Int {
    var listing = listing(selection)
    listing.setFilter(filter, scope: scope, in: store, now: now ?? clock?.time)
    return listing.count
  }

  /// Lets in the rows that wait behind the note, and lets those go that belong elsewhere by now.
  public mutating func admit() {
    for selection in listings.map(\.selection) {
      change(selection) { listing, store, now in listing.settle(in: store, now: now) }
    }
  }

  /// Whether what a view shows changes with the time.
  public var isTimed: Bool { listings.contains { $0.filter.isTimed } }

  /// Looks through the filtered views anew: time has passed, or rows have changed in place.
  public mutating func refilter(at now: Timestamp?, onlyTimed: Bool) {
    for index in listings.indices where listings[index].filter.isTimed || !onlyTimed {
      listings[index].refilter(in: store, now: now ?? clock?.time)
    }
  }

  /// Takes over a changed trust list. Rows stay where they are.
  public mutating func setTrust(_ list: TrustList) { store.setTrust(list) }

  /// How many rows of a view wait behind the note.
  public func waiting(in selection: RowSelection) -> Int { listing(selection).waiting }

  private mutating func change(
    _ selection: RowSelection, at now: Timestamp? = nil,
    _ body: (inout Listing, RowStore, Timestamp?) -> Void
  ) {
    guard let index = listings.firstIndex(where: { $0.selection == selection }) else { return }
    body(&listings[index], store, now ?? clock?.time)
  }
}
