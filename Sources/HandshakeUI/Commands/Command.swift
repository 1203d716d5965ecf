import Drawing

/// An action that a key can trigger.
///
/// The footer, help, command palette, manual page and docs/keys.md are generated from this table. A
/// command without keys, title or context does not compile (UX-20.1).
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

  /// The commands that move the focus or scroll.
  public enum Move: String, CaseIterable, Hashable, Sendable {
    case down, up, first, last, halfDown, halfUp, pageDown, pageUp
    case nextHandshake, previousHandshake, nextPane, previousPane
  }

  /// The commands that open, close and fold.
  public enum Look: String, CaseIterable, Hashable, Sendable {
    case open, back, outward, fold, unfold, close, unfoldAll, closeAll, raw, trust
  }

  /// The commands that change to a view, or choose the account viewed.
  public enum Go: String, CaseIterable, Hashable, Sendable {
    case inbox, sent, history, profiles, audit, pick
  }

  /// The commands that filter, sort and search.
  public enum Find: String, CaseIterable, Hashable, Sendable {
    case filter, order, nextMatch, previousMatch
  }

  /// The commands that mark rows.
  public enum Mark: String, CaseIterable, Hashable, Sendable {
    case toggle, range, all, clear
  }

  /// The commands that change the plan; they send nothing.
  public enum Stage: String, CaseIterable, Hashable, Sendable {
    case accept, decline, cancel, drop
  }

  /// The commands of the review and of sending.
  public enum Send: String, CaseIterable, Hashable, Sendable {
    case review, scroll, reason, confirm, skip, leave, stop
  }

  /// The commands that copy or export.
  public enum Take: String, CaseIterable, Hashable, Sendable {
    case copyID, copyMenu, export
  }

  /// The commands that are available nearly everywhere.
  public enum Program: String, CaseIterable, Hashable, Sendable {
    case refresh, refreshAll, redraw, logIn, palette, messages, help, quit, interrupt, suspend
  }
}

extension Command: CaseIterable {
  /// All commands, in the order of the help.
  public static var allCases: [Command] {
    Move.allCases.map(Command.move) + Look.allCases.map(Command.look)
      + Go.allCases.map(Command.go) + Find.allCases.map(Command.find)
      + Mark.allCases.map(Command.mark) + Stage.allCases.map(Command.stage)
      + Send.allCases.map(Command.send) + Take.allCases.map(Command.take)
      + Program.allCases.map(Command.program)
  }
}

extension Command {
  /// The groups of commands in the help; the raw value is the group's title.
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

  /// The group that the help lists the command in.
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

  /// The name in documents and tests, such as `stage.accept`.
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

/// One row of the command table.
public struct CommandEntry: Hashable, Sendable {
  /// The alternative key sequences; the first is shown where space is short.
  public let chords: [Chord]
  /// The title in the help, palette and manual page.
  public let title: String
  /// The contexts in which the keys trigger the command.
  public let places: Set<KeyContext>

  init(_ chords: [Chord], _ title: String, in places: Set<KeyContext>) {
    self.chords = chords
    self.title = title
    self.places = places
  }
}

extension Command {
  /// The command's row in the table.
  public var entry: CommandEntry {
    switch self {
    case .move(let command): command.entry
    case .look(let command): command.entry
    case .go(let command): command.entry
    case .find(let command): command.entry
    case .mark(let command): command.entry
    case .stage(let command): command.entry
    case .send(let command): command.entry
    case .take(let command): command.entry
    case .program(let command): command.entry
    }
  }

  /// The alternative key sequences; the first is shown where space is short.
  public var chords: [Chord] { entry.chords }
  /// The title in the help, palette and manual page.
  public var title: String { entry.title }
  /// The contexts in which the keys trigger the command.
  public var places: Set<KeyContext> { entry.places }

  /// Returns the command that `keys` trigger in a context; nil if there is none.
  public static func bound(to keys: [Key], in place: KeyContext) -> Command? {
    bindings[place]?[Chord(keys)]
  }

  /// Returns whether `keys` are the beginning of a longer key sequence in a context.
  static func isPrefix(_ keys: [Key], in place: KeyContext) -> Bool {
    (bindings[place] ?? [:]).keys.contains {
      $0.keys.count > keys.count && $0.keys.starts(with: keys)
    }
  }

  private static let bindings: [KeyContext: [Chord: Command]] = {
    var bindings: [KeyContext: [Chord: Command]] = [:]
    for command in allCases {
      for place in command.places {
        for chord in command.chords { bindings[place, default: [:]][chord] = command }
      }
    }
    return bindings
  }()
}

// The commands that change only the screen.

extension Command.Move {
  var entry: CommandEntry {
    let scrolling = KeyContext.screens.union([.panel, .menu, .help, .sending, .outcome])
    let panes = KeyContext.lists
    return switch self {
    case .down:
      CommandEntry(["j", Chord(.down), Chord(.control("n"))], "down", in: scrolling)
    case .up: CommandEntry(["k", Chord(.up), Chord(.control("p"))], "up", in: scrolling)
    case .first: CommandEntry(["g", Chord(.home)], "to the first", in: scrolling)
    case .last: CommandEntry(["G", Chord(.end)], "to the last", in: scrolling)
    case .halfDown: CommandEntry([Chord(.control("d"))], "half a page down", in: scrolling)
    case .halfUp: CommandEntry([Chord(.control("u"))], "half a page up", in: scrolling)
    case .pageDown:
      CommandEntry([Chord(.pageDown), Chord(.control("f"))], "a page down", in: scrolling)
    case .pageUp:
      CommandEntry([Chord(.pageUp), Chord(.control("b"))], "a page up", in: scrolling)
    case .nextHandshake: CommandEntry(["J"], "next handshake", in: KeyContext.texts)
    case .previousHandshake: CommandEntry(["K"], "previous handshake", in: KeyContext.texts)
    case .nextPane: CommandEntry([Chord(.tab)], "next pane", in: panes)
    case .previousPane: CommandEntry([Chord(.backTab)], "previous pane", in: panes)
    }
  }
}

extension Command.Look {
  var entry: CommandEntry {
    let folds: Set<KeyContext> = [.detail]
    let closing = KeyContext.screens.union([.panel, .menu, .help, .outcome, .login])
    return switch self {
    case .open:
      CommandEntry(
        [Chord(.enter), "l", Chord(.right)], "open, unfold",
        in: [.list, .profiles, .audit, .detail, .menu])
    case .back: CommandEntry([Chord(.escape)], "back, close", in: closing)
    case .outward:
      CommandEntry(["h", Chord(.left)], "back, close (keeps the filter)", in: closing)
    case .fold: CommandEntry(["za"], "fold or unfold", in: folds)
    case .unfold: CommandEntry(["zo"], "unfold", in: folds)
    case .close: CommandEntry(["zc"], "fold", in: folds)
    case .unfoldAll: CommandEntry(["zR"], "unfold all", in: folds)
    case .closeAll: CommandEntry(["zM"], "fold all", in: folds)
    case .raw: CommandEntry(["i"], "raw JSON", in: KeyContext.handshakes)
    case .trust: CommandEntry(["t"], "why this trust", in: KeyContext.handshakes)
    }
  }
}

extension Command.Go {
  var entry: CommandEntry {
    switch self {
    case .inbox: CommandEntry(["1"], "Inbox", in: KeyContext.screens)
    case .sent: CommandEntry(["2"], "Sent", in: KeyContext.screens)
    case .history: CommandEntry(["3"], "History", in: KeyContext.screens)
    case .profiles: CommandEntry(["4"], "Profiles", in: KeyContext.screens)
    case .audit: CommandEntry(["5"], "Audit", in: KeyContext.screens)
    case .pick: CommandEntry(["p"], "choose an account", in: KeyContext.screens)
    }
  }
}

extension Command.Find {
  var entry: CommandEntry {
    switch self {
    case .filter:
      CommandEntry(["/", "\\"], "filter; in a text, search", in: [.list, .detail, .raw, .help])
    case .order: CommandEntry(["o"], "order", in: [.list])
    case .nextMatch: CommandEntry(["n"], "next match", in: KeyContext.texts)
    case .previousMatch: CommandEntry(["N"], "previous match", in: KeyContext.texts)
    }
  }
}

// The commands that mark, stage, send or leave.

extension Command.Mark {
  var entry: CommandEntry {
    switch self {
    case .toggle: CommandEntry([" "], "mark, move down", in: [.list])
    case .range: CommandEntry(["v"], "mark a range", in: [.list])
    case .all: CommandEntry(["*"], "mark all shown", in: [.list])
    case .clear: CommandEntry(["U"], "clear marks", in: [.list])
    }
  }
}

extension Command.Stage {
  var entry: CommandEntry {
    let places: Set<KeyContext> = [.list, .detail]
    return switch self {
    case .accept: CommandEntry(["a"], "plan accept", in: places)
    case .decline: CommandEntry(["d"], "plan decline", in: places)
    case .cancel: CommandEntry(["x"], "plan cancel", in: places)
    case .drop: CommandEntry(["u"], "unplan, unmark", in: places)
    }
  }
}

extension Command.Send {
  var entry: CommandEntry {
    switch self {
    case .review:
      CommandEntry(["C", "$"], "review and send", in: KeyContext.screens.union([.outcome]))
    // No letters: the operator types text here.
    case .scroll:
      CommandEntry(
        [
          Chord(.down), Chord(.up), Chord(.pageDown), Chord(.pageUp), Chord(.home), Chord(.end),
        ], "scroll what will be sent", in: [.review])
    case .reason: CommandEntry([Chord(.tab)], "reason field and back", in: [.review])
    case .confirm:
      CommandEntry(
        [Chord(.enter)], "confirm what was typed", in: [.review])
    case .skip:
      CommandEntry(
        [Chord(.control("x"))], "skip one confirmed separately", in: [.review])
    case .leave: CommandEntry([Chord(.escape)], "back, the plan is kept", in: [.review])
    case .stop:
      CommandEntry(
        ["s", Chord(.escape), Chord(.control("c"))], "stop after this request", in: [.sending])
    }
  }
}

extension Command.Take {
  var entry: CommandEntry {
    switch self {
    case .copyID:
      CommandEntry(["y"], "copy the id", in: KeyContext.handshakes.union([.panel, .login]))
    case .copyMenu: CommandEntry(["Y"], "copy menu", in: KeyContext.handshakes)
    case .export: CommandEntry(["e"], "export JSON to a file", in: KeyContext.handshakes)
    }
  }
}

extension Command.Program {
  var entry: CommandEntry {
    let screens = KeyContext.screens
    let outsideSending = Set(KeyContext.allCases).subtracting([.sending])
    return switch self {
    case .refresh: CommandEntry(["r"], "refresh", in: screens)
    case .refreshAll: CommandEntry(["R", Chord(.control("r"))], "refresh all", in: screens)
    case .redraw: CommandEntry([Chord(.control("l"))], "redraw", in: Set(KeyContext.allCases))
    case .logIn: CommandEntry(["L"], "log in (AWS)", in: KeyContext.lists)
    case .palette: CommandEntry([":"], "all commands", in: screens)
    case .messages: CommandEntry(["M"], "messages, the latest first", in: screens)
    case .help:
      CommandEntry(["?", Chord(.function(1))], "help, close help", in: screens.union([.help]))
    case .quit:
      CommandEntry(
        ["q"], "back, then quit", in: screens.union([.panel, .menu, .help, .outcome]))
    case .interrupt:
      CommandEntry([Chord(.control("c"))], "cancel; twice quits", in: outsideSending)
    case .suspend: CommandEntry([Chord(.control("z"))], "suspend", in: Set(KeyContext.allCases))
    }
  }
}
