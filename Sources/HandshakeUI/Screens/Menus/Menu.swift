import Review

/// A few things to choose from.
struct Menu: Equatable, Sendable {
  var title: String
  var items: [Item]
  var focus = 0

  struct Item: Equatable, Sendable {
    var key: Unicode.Scalar
    var title: String
    var choice: Choice
    /// Why it cannot be chosen now.
    var obstacle: String?
  }

  enum Choice: Equatable, Sendable {
    case order(RowOrder)
    case copy(what: String, text: String)
  }

  static func orders(current: RowOrder) -> Menu {
    let items = RowOrder.Field.allCases.map { field -> Item in
      let isCurrent = field == current.field
      let order = RowOrder(field, descending: isCurrent ? !current.isDescending : false)
      let mark =
        isCurrent ? (current.isDescending ? "  now: descending" : "  now: ascending") : ""
      return Item(
        key: field.rawValue.unicodeScalars.first ?? "?", title: field.title + mark,
        choice: .order(order))
    }
    return Menu(
      title: "ORDER BY", items: items.uniquelyKeyed,
      focus: RowOrder.Field.allCases.firstIndex(of: current.field) ?? 0)
  }
}

extension RowOrder.Field {
  fileprivate var title: String {
    switch self {
    case .expires: "expiry"
    case .sent: "time sent"
    case .org: "organization id"
    case .account: "account"
    case .state: "state"
    case .action: "kind"
    case .id: "handshake id"
    case .trust: "trust, look-alikes first"
    }
  }
}

extension [Menu.Item] {
  /// Later items whose letter is taken get the next letter of their title that is not.
  fileprivate var uniquelyKeyed: [Menu.Item] {
    // Letters that move in a menu choose nothing.
    var taken: Set<Unicode.Scalar> = ["j", "k", "l", "h", "g", "G"]
    return map { item in
      var item = item
      let candidates = [item.key] + item.title.unicodeScalars.filter { $0.properties.isLowercase }
      item.key = candidates.first { !taken.contains($0) } ?? "?"
      taken.insert(item.key)
      return item
    }
  }
}

extension State {
  mutating func press(_ key: Key, in menu: Menu) -> [Effect] {
    let command = Command.bound(to: [key], in: .menu)
    if let effects = pressAnywhere(command) { return effects }
    if case .character(let scalar) = key,
      let index = menu.items.firstIndex(where: { $0.key == scalar })
    {
      return choose(menu.items[index])
    }
    switch command {
    case .look(.back), .look(.outward), .program(.quit): return back() ?? []
    case .look(.open):
      guard menu.items.indices.contains(menu.focus) else { return [] }
      return choose(menu.items[menu.focus])
    case .move(let move):
      var menu = menu
      let target = menu.focus + move.distance(page: menu.items.count)
      menu.focus = min(max(0, target), max(0, menu.items.count - 1))
      dialog = .menu(menu)
    default: notice = Notice(Command.reasonNotBound([key], in: .menu), .refusal)
    }
    return []
  }

  private mutating func choose(_ item: Menu.Item) -> [Effect] {
    dialog = nil
    if let obstacle = item.obstacle {
      notice = Notice(obstacle, .refusal)
      return []
    }
    switch item.choice {
    case .order(let order):
      setOrder(order)
      return []
    case .copy(let what, let text): return copy(text, as: what)
    }
  }
}
