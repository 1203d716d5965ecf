import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewWording

extension Command {
  /// Returns the reason why the command is unavailable; nil if it can be used.
  public func disabledReason(in state: State) -> String? {
    switch self {
    case .move(let command): command.disabledReason(in: state)
    case .look(let command): command.disabledReason(in: state)
    case .go: nil
    case .find(let command): command.disabledReason(in: state)
    case .mark: state.needsRow
    case .stage(let command): command.disabledReason(in: state)
    case .send(let command): command.disabledReason(in: state)
    case .take(let command): command.disabledReason(in: state)
    case .program(let command): command.disabledReason(in: state)
    }
  }
}

extension Command.Move {
  fileprivate func disabledReason(in state: State) -> String? {
    switch self {
    case .nextHandshake:
      state.neighbour(1) == nil ? "this is the last one" : nil
    case .previousHandshake:
      state.neighbour(-1) == nil ? "this is the first one" : nil
    case .down, .up, .first, .last, .halfDown, .halfUp, .pageDown, .pageUp, .nextPane,
      .previousPane:
      nil
    }
  }
}

extension Command.Look {
  fileprivate func disabledReason(in state: State) -> String? {
    switch self {
    case .open: state.lineCount == 0 && state.detail == nil ? "nothing to open" : nil
    case .raw, .trust: state.needsRow
    case .back, .outward, .fold, .unfold, .close, .unfoldAll, .closeAll: nil
    }
  }
}

extension Command.Find {
  fileprivate func disabledReason(in state: State) -> String? {
    switch self {
    case .filter, .order: nil
    case .nextMatch, .previousMatch:
      state.detail?.search.isEmpty ?? true ? "no search text: press / to search" : nil
    }
  }
}

extension Command.Stage {
  fileprivate func disabledReason(in state: State) -> String? {
    if let reason = state.needsRow { return reason }
    guard let answer else { return dropObstacle(in: state) }
    guard state.launch.mode == .write else { return state.readOnlyReason }
    // Of several marked rows, those that cannot be planned are counted afterwards.
    if state.detail == nil, !state.shownMarks.isEmpty { return nil }
    guard let row = state.focusedRow else { return nil }
    switch state.inbox.standing(answer, of: row, at: state.now) {
    case .open: return nil
    case .closed(let impediment):
      return state.words(for: .impediment(impediment), to: answer)
    case .unidentified(let account): return state.words(for: .unidentified(account), to: answer)
    }
  }

  private func dropObstacle(in state: State) -> String? {
    guard state.detail != nil || state.shownMarks.isEmpty, let row = state.focusedRow else {
      return nil
    }
    let isPlanned = row.id.map { state.plan[$0] != nil || state.plan.blocked[$0] != nil } ?? false
    let isMarked = state.lists[state.tab].marks.contains(row.key)
    return isPlanned || isMarked ? nil : "this row is neither in the plan nor marked"
  }
}

extension Command.Send {
  fileprivate func disabledReason(in state: State) -> String? {
    switch self {
    case .review:
      if state.launch.mode == .readOnly { return state.readOnlyReason }
      if state.plan.isEmpty { return "the plan is empty: add rows with a, d or x" }
      return nil
    case .skip:
      guard case .review(let review) = state.dialog else { return "nothing is being confirmed" }
      return review.canSkip ? nil : "only an answer before another can be skipped: Esc goes back"
    case .scroll, .reason, .confirm, .leave:
      guard case .review = state.dialog else { return "nothing is being confirmed" }
      return nil
    case .stop:
      guard case .sending = state.dialog else { return "nothing is being sent" }
      return nil
    }
  }
}

extension Command.Take {
  fileprivate func disabledReason(in state: State) -> String? {
    switch state.dialog {
    case .panel, .login: return nil
    default: break
    }
    if let reason = state.needsRow { return reason }
    if self == .copyID, state.focusedRow?.id == nil { return "this record has no readable id" }
    return nil
  }
}

extension Command.Program {
  fileprivate func disabledReason(in state: State) -> String? {
    switch self {
    case .logIn:
      if !state.launch.backend.hasLogins {
        "login is for AWS only"
      } else {
        state.loginProfile == nil ? "no profile needs a login (4: all profiles)" : nil
      }
    case .refresh, .refreshAll, .redraw, .palette, .messages, .help, .quit, .interrupt,
      .suspend:
      nil
    }
  }
}

extension State {
  /// The reason why nothing can be sent; against AWS the screens start read-only without `--write`.
  var readOnlyReason: String {
    switch launch.backend {
    case .local: "this session is read-only: start without --read-only to answer"
    case .aws, .sandbox: "this session is read-only: start with --write to answer"
    case .document: "a saved document is read-only: start without --input to answer"
    }
  }

  fileprivate var needsRow: String? {
    focusedRow == nil ? "no handshake is selected" : nil
  }

  /// Returns the handshake `step` lines from the open one, in the list that it was opened from.
  func neighbour(_ step: Int) -> RowKey? {
    guard let detail, let position = linePosition(of: .row(detail.key)) else { return nil }
    return lineKey(at: position + step)?.row
  }
}

extension Command {
  /// Whether the command acts on the focused line or moves the focus.
  var usesFocus: Bool {
    switch self {
    case .move, .look, .mark, .stage, .take: true
    case .go, .find, .send, .program: false
    }
  }

  /// Returns a message for keys that do nothing in a context.
  ///
  /// It says where they are used, or which key was probably meant.
  static func reasonNotBound(_ keys: [Key], in place: KeyContext) -> String {
    let chord = Chord(keys)
    let text = chord.text
    if keys.count > 1 {
      let begun = Chord(Array(keys.dropLast()))
      let next = allCases.filter { $0.places.contains(place) }.flatMap(\.chords)
        .filter { $0.keys.starts(with: begun.keys) }.compactMap { $0.keys.last?.text }
      return "\(text): no such key. After \(begun.text): \(next.joined(separator: " "))"
    }
    if let other = keys.first?.otherCase,
      let command = bound(to: [other], in: place), command.places.contains(place)
    {
      return "\(text): not used here. \(other.text): \(command.title)"
    }
    let elsewhere = allCases.first { command in
      command.chords.contains { $0.keys.starts(with: keys) }
    }
    guard let elsewhere else { return "\(text): not used (?: all keys)" }
    let places = KeyContext.allCases.filter(elsewhere.places.contains)
    let names = places.prefix(3).map(\.title).joined(separator: ", ")
    return "\(text): not used here. \(elsewhere.title): in \(names)"
      + (places.count > 3 ? " and more" : "")
  }
}

extension Key {
  /// The same letter in the other case; nil if there is none.
  fileprivate var otherCase: Key? {
    guard case .character(let scalar) = self, scalar.properties.isAlphabetic else { return nil }
    let text =
      scalar.properties.isUppercase ? String(scalar).lowercased() : String(scalar).uppercased()
    guard text.unicodeScalars.count == 1, let other = text.unicodeScalars.first, other != scalar
    else { return nil }
    return .character(other)
  }
}
