/// Everything that a key can do. Footer, help, palette, man page and docs/keys.md are made of this
/// table; a command without keys, title or place does not compile (UX-20.1).
public enum Command: Hashable, Sendable {
  case move(Move)
  case look(Look)
  case go(Go)
  case find(Find)
  case mark(Mark)
  case stage(Stage)
  case send(Send)
  case take(Take)
  case program(Program)

  public enum Move: String, CaseIterable, Hashable, Sendable {
    case down, up, first, last, halfDown, halfUp, pageDown, pageUp
    case nextHandshake, previousHandshake, nextPane, previousPane
  }

  public enum Look: String, CaseIterable, Hashable, Sendable {
    case open, back, outward, fold, unfold, close, unfoldAll, closeAll, raw, trust
  }

  public enum Go: String, CaseIterable, Hashable, Sendable {
    case inbox, sent, history, profiles, audit, pick
  }

  public enum Find: String, CaseIterable, Hashable, Sendable {
    case filter, order, nextMatch, previousMatch
  }

  public enum Mark: String, CaseIterable, Hashable, Sendable {
    case toggle, range, all, clear
  }

  public enum Stage: String, CaseIterable, Hashable, Sendable {
    case accept, decline, cancel, drop
  }

  public enum Send: String, CaseIterable, Hashable, Sendable {
    case review, scroll, reason, confirm, skip, leave, stop
  }

  public enum Take: String, CaseIterable, Hashable, Sendable {
    case copyID, copyMenu, export
  }

  public enum Program: String, CaseIterable, Hashable, Sendable {
    case refresh, refreshAll, redraw, logIn, palette, messages, help, quit, interrupt, suspend
  }
}

extension Command: CaseIterable {
  public static var allCases: [Command] {
    Move.allCases.map(Command.move) + Look.allCases.map(Command.look)
      + Go.allCases.map(Command.go) + Find.allCases.map(Command.find)
      + Mark.allCases.map(Command.mark) + Stage.allCases.map(Command.stage)
      + Send.allCases.map(Command.send) + Take.allCases.map(Command.take)
      + Program.allCases.map(Command.program)
  }
}

extension Command {
  /// The groups of the help.
  public enum Group: String, CaseIterable, Hashable, Sendable {
    case move = "MOVE"
    case look = "LOOK"
    case go = "VIEWS"
    case find = "FIND"
    case mark = "MARK"
    case stage = "PLAN (sends nothing)"
    case send = "SEND (asks first)"
    case take = "COPY"
    case program = "PROGRAM"
  }

  public var group: Group {
    switch self {
    case .move: .move
    case .look: .look
    case .go: .go
    case .find: .find
    case .mark: .mark
    case .stage: .stage
    case .send: .send
    case .take: .take
    case .program: .program
    }
  }

  /// For docs and tests: `stage.accept`.
  public var id: String {
    switch self {
    case .move(let command): "move.\(command.rawValue)"
    case .look(let command): "look.\(command.rawValue)"
    case .go(let command): "go.\(command.rawValue)"
    case .find(let command): "find.\(command.rawValue)"
    case .mark(let command): "mark.\(command.rawValue)"
    case .stage(let command): "stage.\(command.rawValue)"
    case .send(let command): "send.\(command.rawValue)"
    case .take(let command): "take.\(command.rawValue)"
    case .program(let command): "program.\(command.rawValue)"
    }
  }
}
