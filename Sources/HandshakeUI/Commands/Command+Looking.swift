// The commands that change nothing but the screen.

extension Command.Move {
  var entry: CommandEntry {
    let scrolling = Place.screens.union([.panel, .menu, .help, .sending, .outcome])
    let panes = Place.lists
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
    case .nextHandshake: CommandEntry(["J"], "next handshake", in: Place.texts)
    case .previousHandshake: CommandEntry(["K"], "previous handshake", in: Place.texts)
    case .nextPane: CommandEntry([Chord(.tab)], "next pane", in: panes)
    case .previousPane: CommandEntry([Chord(.backTab)], "previous pane", in: panes)
    }
  }
}

extension Command.Look {
  var entry: CommandEntry {
    let folds: Set<Place> = [.detail]
    let closing = Place.screens.union([.panel, .menu, .help, .outcome, .login])
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
    case .raw: CommandEntry(["i"], "raw JSON", in: Place.handshakes)
    case .trust: CommandEntry(["t"], "why this trust", in: Place.handshakes)
    }
  }
}

extension Command.Go {
  var entry: CommandEntry {
    switch self {
    case .inbox: CommandEntry(["1"], "Inbox", in: Place.screens)
    case .sent: CommandEntry(["2"], "Sent", in: Place.screens)
    case .history: CommandEntry(["3"], "History", in: Place.screens)
    case .profiles: CommandEntry(["4"], "Profiles", in: Place.screens)
    case .audit: CommandEntry(["5"], "Audit", in: Place.screens)
    case .pick: CommandEntry(["p"], "choose an account", in: Place.screens)
    }
  }
}

extension Command.Find {
  var entry: CommandEntry {
    switch self {
    case .filter:
      CommandEntry(["/", "\\"], "filter; in a text, search", in: [.list, .detail, .raw, .help])
    case .order: CommandEntry(["o"], "order", in: [.list])
    case .nextMatch: CommandEntry(["n"], "next match", in: Place.texts)
    case .previousMatch: CommandEntry(["N"], "previous match", in: Place.texts)
    }
  }
}
