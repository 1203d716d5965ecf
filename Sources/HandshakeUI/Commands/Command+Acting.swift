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
    let places: Set<Place> = [.list, .detail]
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
    case .review: CommandEntry(["C", "$"], "review and send", in: Place.screens.union([.outcome]))
    // No letters: they are typed there.
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
    case .copyID: CommandEntry(["y"], "copy the id", in: Place.handshakes.union([.panel, .login]))
    case .copyMenu: CommandEntry(["Y"], "copy menu", in: Place.handshakes)
    case .export: CommandEntry(["e"], "export JSON to a file", in: Place.handshakes)
    }
  }
}

extension Command.Program {
  var entry: CommandEntry {
    let screens = Place.screens
    let outsideSending = Set(Place.allCases).subtracting([.sending])
    return switch self {
    case .refresh: CommandEntry(["r"], "refresh", in: screens)
    case .refreshAll: CommandEntry(["R", Chord(.control("r"))], "refresh all", in: screens)
    case .redraw: CommandEntry([Chord(.control("l"))], "redraw", in: Set(Place.allCases))
    case .logIn: CommandEntry(["L"], "log in (AWS)", in: Place.lists)
    case .palette: CommandEntry([":"], "all commands", in: screens)
    case .messages: CommandEntry(["M"], "messages, the latest first", in: screens)
    case .help:
      CommandEntry(["?", Chord(.function(1))], "help, close help", in: screens.union([.help]))
    case .quit:
      CommandEntry(
        ["q"], "back, then quit", in: screens.union([.panel, .menu, .help, .outcome]))
    case .interrupt:
      CommandEntry([Chord(.control("c"))], "cancel; twice quits", in: outsideSending)
    case .suspend: CommandEntry([Chord(.control("z"))], "suspend", in: Set(Place.allCases))
    }
  }
}
