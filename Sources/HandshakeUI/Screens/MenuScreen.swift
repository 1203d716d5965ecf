import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text

/// A menu of a few items.
struct MenuScreen: Screen {
  var title: String
  var items: [Item]
  var focus = 0

  struct Item: Equatable, Sendable {
    var key: Unicode.Scalar
    var title: String
    var choice: Choice
    /// The reason why the item cannot be chosen.
    var disabledReason: String?
  }

  enum Choice: Equatable, Sendable {
    case order(RowOrder)
    case copy(what: String, text: String)
  }

  var context: KeyContext { .menu }

  mutating func handle(_ event: ScreenEvent, _ session: inout Session) -> Reaction {
    switch event {
    case .key(.character(let scalar)):
      guard let item = items.first(where: { $0.key == scalar }) else { return .unhandled }
      return choose(item, &session)
    case .command(.look(.back)), .command(.look(.outward)), .command(.program(.quit)):
      return .close
    case .command(.look(.open)):
      return items.indices.contains(focus) ? choose(items[focus], &session) : .stay
    case .command(.move(let move)):
      focus = min(max(0, focus + move.distance(page: items.count)), max(0, items.count - 1))
      return .stay
    default: return .unhandled
    }
  }

  private func choose(_ item: Item, _ session: inout Session) -> Reaction {
    var reaction = Reaction.close
    if let disabledReason = item.disabledReason {
      session.notice = Notice(disabledReason, .refusal)
      return reaction
    }
    switch item.choice {
    case .order(let order): reaction.changes.append(.order(order))
    case .copy(let what, let text): reaction.effects = session.copy(text, as: what)
    }
    return reaction
  }

  func draw(_ session: Session, _ canvas: inout Canvas) {
    canvas.box(canvas.size.dialog(rows: items.count + 1), Line(title, .heading)) { canvas in
      let rows = max(1, canvas.size.rows - 1)
      let first = max(0, focus - rows + 1)
      let lines = items.enumerated().map { index, item in
        let isFocused = index == focus
        var line = Line(isFocused ? "> " : "  ", .focus) + Line(String(item.key), .key)
        line += Line("  " + item.title, item.disabledReason == nil ? .plain : .quiet)
        if let disabledReason = item.disabledReason { line += Line("   \(disabledReason)", .quiet) }
        return isFocused ? line.emboldened : line
      }
      var rest = canvas.bounds
      let keys = rest.takeBottom(1)
      canvas.draw(lines, from: first, in: rest)
      canvas.placeCursor(row: focus - first, column: 0)
      let hints = Line("  Enter", .key) + Line(" or its letter   Esc back")
      canvas.draw(hints, row: keys.row, before: .position(focus + 1, of: items.count))
    }
  }
}

// MARK: - The menus

extension MenuScreen {
  /// The orders of a list.
  static func orders(current: RowOrder) -> MenuScreen {
    let items = RowOrder.Field.allCases.map { field -> Item in
      let isCurrent = field == current.field
      let order = RowOrder(field, descending: isCurrent ? !current.isDescending : false)
      let mark =
        isCurrent ? (current.isDescending ? "  now: descending" : "  now: ascending") : ""
      return Item(
        key: field.rawValue.unicodeScalars.first ?? "?", title: field.title + mark,
        choice: .order(order))
    }
    return MenuScreen(
      title: "ORDER BY", items: items.uniquelyKeyed,
      focus: RowOrder.Field.allCases.firstIndex(of: current.field) ?? 0)
  }

  /// The parts of a row that can be copied.
  static func copies(of row: Row, _ session: Session) -> MenuScreen {
    let handshake = row.handshake
    let missing = "this record has no readable id"
    func item(_ key: Unicode.Scalar, _ title: String, _ text: String?) -> Item {
      Item(
        key: key, title: title, choice: .copy(what: title, text: text ?? ""),
        disabledReason: text == nil ? missing : nil)
    }
    let id = handshake.id?.text
    let answer = HandshakeSections(session: session, row: row).answer
    let json = String(decoding: handshake.rawJSON, as: UTF8.self)
    return MenuScreen(
      title: "COPY (OSC 52)",
      items: [
        item("i", "id", id), item("r", "ARN", handshake.arn?.text),
        item("a", "account", row.askedAccount?.text),
        item("o", "organization id", handshake.senderOrganization?.text),
        item("n", "JSON", json),
        item("c", "equivalent command", id.map { command(for: answer, $0) }),
        item("u", "console URL", handshake.arn.map { consoleURL($0.partition) }),
      ])
  }

  /// Returns the equivalent shell command; the operator has to fill in the organization.
  private static func command(for answer: Answer, _ id: String) -> String {
    let expectation = answer == .accept ? " --expect-org ORG-ID" : ""
    let yes = answer == .accept ? "" : " --yes"
    return "handshake \(answer.rawValue) \(id)\(expectation) --reason TEXT\(yes)"
  }

  private static func consoleURL(_ partition: String) -> String {
    switch partition {
    case "aws-cn":
      "https://console.amazonaws.cn/organizations/v2/home/account/invitations"
    case "aws-us-gov":
      "https://console.amazonaws-us-gov.com/organizations/v2/home/account/invitations"
    default: "https://console.aws.amazon.com/organizations/v2/home/account/invitations"
    }
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

extension [MenuScreen.Item] {
  /// The items with distinct letters: a later item takes the next unused letter of its title.
  fileprivate var uniquelyKeyed: [MenuScreen.Item] {
    // The letters that move in a menu do not choose an item.
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
