import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import Text

extension State {
  /// Handles one key, in whatever context.
  mutating func press(_ key: Key) -> [Effect] {
    isTouched = true
    if !hasRoom { return pressWithoutRoom(key) }
    if key != .control("c") { quit.asked = nil }
    if key != .character("q") { quit.hasWarned = false }
    if let effects = pressInField(key) { return effects }
    if let question = shownQuestion { return press(key, in: question) }
    if dialog != nil { return pressInDialog(key) }
    let keys = chord + [key]
    chord = []
    // Redrawing does not change what is shown.
    if key != .control("l") { notice = nil }
    holdFocus()
    if let command = Command.bound(to: keys, in: place) { return attempt(command) }
    if Command.isPrefix(keys, in: place) {
      chord = keys
    } else {
      notice = Notice(Command.reasonNotBound(keys, in: place), .refusal)
    }
    return []
  }

  /// Carries out a command, or says why it is unavailable.
  mutating func attempt(_ command: Command) -> [Effect] {
    if let disabledReason = command.disabledReason(in: self) {
      notice = Notice("\(command.chords.first?.text ?? ""): \(disabledReason)", .refusal)
      return []
    }
    return perform(command)
  }

  /// Handles a key on a screen that is too small to decide anything on: only leaving works.
  private mutating func pressWithoutRoom(_ key: Key) -> [Effect] {
    if case .sending(let sending) = dialog { return press(key, in: sending) }
    switch key {
    case .character("q"): return leave()
    case .control("c"): return interrupt()
    case .control("z"): return [.suspend]
    case .control("l"): return [.redraw]
    default: return []
    }
  }

  private mutating func perform(_ command: Command) -> [Effect] {
    if command.usesFocus { keepStandIn() }
    switch command {
    case .move(let move): return perform(move)
    case .look(let look): return perform(look)
    case .go(let go): return perform(go)
    case .find(let find): return perform(find)
    case .mark(let mark): return perform(mark)
    case .stage(let stage): return perform(stage)
    case .send(let send): return send == .review ? openReview() : []
    case .take(let take): return perform(take)
    case .program(let program): return perform(program)
    }
  }

  private mutating func perform(_ go: Command.Go) -> [Effect] {
    detail = nil
    pane = .list
    factsScroll = 0
    switch go {
    case .inbox: tab = .inbox
    case .sent: tab = .sent
    case .history: tab = .history
    case .profiles, .pick: tab = .profiles
    case .audit: tab = .audit
    }
    holdFocus()
    return tab == .audit && !journal.isRead ? [.readJournal(requests.begin(.journal))] : []
  }

  private mutating func perform(_ program: Command.Program) -> [Effect] {
    switch program {
    case .refresh: return refresh()
    case .refreshAll:
      notice = .readingAgain
      isRefreshing = true
      return refreshAll()
    case .redraw: return [.redraw]
    case .logIn: return logIn()
    case .palette: return open(.palette(PaletteDialog(over: place)))
    case .messages: return openMessages()
    case .help: return open(.help(HelpDialog(over: place)))
    case .quit: return back() ?? leave()
    case .interrupt: return interrupt()
    case .suspend: return [.suspend]
    }
  }

  /// Adds the rows that are waiting, and reads what is focused again.
  private mutating func refresh() -> [Effect] {
    if tab == .audit, detail == nil { return [.readJournal(requests.begin(.journal))] }
    let waiting = selection.map { inbox.waiting(in: $0) } ?? 0
    inbox.admit()
    holdFocus()
    if waiting > 0 {
      notice = Notice("\(waiting) new \(waiting == 1 ? "row" : "rows") added")
    }
    if tab == .profiles, detail == nil { return refreshAll() }
    return focusedRow.map { reread($0) } ?? refreshAll()
  }

  /// Goes one step back; returns nil if there is nothing to go back from.
  mutating func back() -> [Effect]? {
    if let dialog {
      self.dialog = nil
      return close(dialog)
    }
    if detail?.raw != nil {
      detail?.raw = nil
    } else if detail != nil {
      detail = nil
    } else if lists[tab].anchor != nil {
      lists[tab].anchor = nil
    } else if pane != .list {
      pane = .list
    } else if tab.selection != nil, !lists[tab].filter.isEmpty {
      setFilter("")
    } else {
      return nil
    }
    return []
  }

  /// Handles C-c: closes what is open, and quits when pressed twice within two seconds.
  mutating func interrupt() -> [Effect] {
    if let asked = quit.asked, uptime.milliseconds - asked.milliseconds < 2_000 { return leave() }
    quit.asked = uptime
    dropField()
    chord = []
    let effects = dialog == nil ? [] : (back() ?? [])
    let count = plan.items.count
    let discards =
      switch count {
      case 0: ""
      case 1: " and discard the planned answer"
      default: " and discard \(count) planned answers"
      }
    notice = Notice("C-c again: quit\(discards). Nothing is being sent.")
    return effects
  }

  /// Quits; with `q`, a plan that would be discarded is mentioned once before.
  mutating func leave() -> [Effect] {
    if !plan.isEmpty, !quit.hasWarned, quit.asked == nil {
      quit.hasWarned = true
      let count = plan.items.count
      notice = Notice(
        count == 1
          ? "1 planned answer not sent. q again: quit and discard it"
          : "\(count) planned answers not sent. q again: quit and discard them", .refusal)
      return []
    }
    quit.isOver = true
    return [.keepPlan([]), .quit]
  }

  /// Handles pasted text, which goes into a text field or nowhere and never acts as keys (UX-7.1).
  mutating func paste(_ text: Untrusted) -> [Effect] {
    if field != nil {
      field?.paste(text)
      return edited()
    }
    if shownQuestion != nil { return pasteCode(text) }
    if case .review(let review) = dialog { return confirm(review, .pasted(text)) }
    if dialog?.paste(text) == true { return [] }
    notice = Notice("pasted text was ignored here", .refusal)
    return []
  }
}
