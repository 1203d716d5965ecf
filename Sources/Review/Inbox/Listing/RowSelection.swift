import Model

/// Which rows belong to a view, before any filter of the operator's.
public struct RowSelection: Hashable, Sendable {
  public var side: Side
  public var states: States

  public enum Side: Hashable, Sendable {
    /// What the accounts received, and parents they can finalise.
    case received
    /// What their organizations sent.
    case sent
    case either
  }

  public enum States: Hashable, Sendable {
    /// Not in a terminal state: REQUESTED, OPEN, and what cannot be told.
    case pending
    case terminal
    case all
    case only(Set<State>)
  }

  public init(_ side: Side, _ states: States) {
    self.side = side
    self.states = states
  }

  public static let inbox = RowSelection(.received, .pending)
  public static let sent = RowSelection(.sent, .pending)
  public static let history = RowSelection(.either, .terminal)
  /// The three lists of the screens.
  public static let screens = [inbox, sent, history]

  public func contains(_ row: Row) -> Bool {
    guard states.contains(row.handshake.state) else { return false }
    if row.origin == .journal { return side == .either }
    return row.sources.contains { row.belongs(to: side, by: $0) }
  }
}

extension RowSelection.States {
  public func contains(_ state: State?) -> Bool {
    switch self {
    case .pending: !(state?.isTerminal ?? false)
    case .terminal: state?.isTerminal ?? false
    case .all: true
    case .only(let states): state.map(states.contains) ?? false
    }
  }
}
