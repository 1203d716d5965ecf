import Model
import Review
import Text

/// What `list` was asked for, read from its options.
struct ListRequest: Hashable, Sendable {
  var isSent: Bool
  var states: RowSelection.States
  var filter: RowFilter
  var order: RowOrder
  /// Only pending ones with at most so much left.
  var expiring: Span?

  init(_ command: ListCommand, _ settings: Settings) throws(CommandFailure) {
    let ink = settings.ink
    isSent = command.sent
    states = try Self.states(
      command.state ?? (settings.input.value == nil ? "pending" : "all"), ink)
    do throws(RowFilter.Problem) {
      filter =
        try command.filter.map { (text) throws(RowFilter.Problem) in try RowFilter(text) }
        ?? .none
    } catch {
      throw CommandFailure(.usage, Explanation(error, in: ink.charset))
    }
    guard let order = command.sort.map({ RowOrder($0) }) ?? .standard else {
      throw CommandFailure(
        .usage, "unknown sort key \"\(ink.full(command.sort ?? ""))\"",
        remedy: "Use one of: \(Self.sortKeys), with - before it for descending.")
    }
    self.order = order
    if let text = command.expiring {
      guard let span = Span(text) else {
        throw CommandFailure(
          .usage, "--expiring \"\(ink.full(text))\" is not a duration",
          remedy: "Write it as 90m, 48h or 16d.")
      }
      expiring = span
    }
  }

  private static var sortKeys: String {
    RowOrder.Field.allCases.map(\.rawValue).joined(separator: ", ")
  }

  static func states(_ text: String, _ ink: Ink) throws(CommandFailure) -> RowSelection.States {
    switch text {
    case "pending": return .pending
    case "all": return .all
    default: break
    }
    var states: Set<State> = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      let state = State(wireName: Untrusted(name.uppercased()))
      guard state.unknownText == nil else {
        let known = State.allKnown.compactMap(\.knownName).joined(separator: ", ")
        throw CommandFailure(
          .usage, "--state \"\(ink.full(String(name)))\" is not a state",
          remedy: "Use pending, all, or some of \(known), joined by commas.")
      }
      states.insert(state)
    }
    return .only(states)
  }

  func view(of service: Service) -> RowSelection {
    let side: RowSelection.Side = isSent ? .sent : service.isDocument ? .either : .received
    return RowSelection(side, expiring == nil ? states : .pending)
  }

  func select(from inbox: Inbox, _ view: RowSelection, at time: any TimeSource) -> [Row] {
    var inbox = inbox
    var filter = filter
    if let expiring { filter.terms.append(.expires(.within, expiring)) }
    let now = inbox.now(at: time.uptime()) ?? time.now()
    inbox.setFilter(filter, in: view, at: now)
    inbox.setOrder(order, in: view)
    return inbox.rows(view)
  }
}
