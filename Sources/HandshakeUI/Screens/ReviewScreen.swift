import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text

/// The review of one step of a plan, and its confirmation.
struct ReviewScreen: Screen {
  private(set) var progress: ReviewProgress
  /// The state of the confirmation; nil until its letters have been drawn.
  private(set) var confirmation: Challenge?
  private(set) var scroll = 0

  /// Creates the review of a step, for which new letters are drawn when it is opened.
  init(_ progress: ReviewProgress) {
    self.progress = progress
  }

  /// Returns the screen that begins to send the plan, or says why nothing can be sent.
  static func begin(_ session: Session) -> (any Screen)? {
    let sheet = ReviewSheet(session.plan, in: session.inbox)
    guard sheet.steps.isEmpty else {
      return ReviewScreen(
        ReviewProgress(sheet: sheet, step: 0, reason: session.answers.reason))
    }
    guard !sheet.barred.isEmpty else { return nil }
    let width = max(20, session.size.dialog(rows: 1).columns - 4)
    return PanelScreen(
      Line("NOTHING CAN BE SENT", .danger),
      ReviewContent.barredLines(sheet, session.labels, width: width))
  }

  var context: KeyContext { .review }
  var admitsQuestion: Bool { false }
  var isConfirming: Bool { true }
  var isOneEnterFromSending: Bool { confirmation?.isComplete ?? false }
  var isInGrace: Bool { confirmation?.isInGrace ?? false }
  // Nothing on the screen may name the organization that the operator has to type.
  var hidesScreenBelow: Bool { progress.isAlone }

  // News would hide the key that goes back; a refusal disappears with the next key.
  func showsInLastRow(_ notice: Notice) -> Bool { notice.kind == .refusal }

  func nextTick(after uptime: Span) -> Span? { confirmation?.nextTick }

  mutating func open(_ session: inout Session) -> [Effect] {
    [session.readTrust()] + drawLetters(&session)
  }

  mutating func handle(_ event: ScreenEvent, _ session: inout Session) -> Reaction {
    switch event {
    case .key(let key): press(key, &session)
    case .message(.lettersDrawn(_, let letters)): begin(letters, &session)
    case .message(.pasted(let text, _)): confirm(.pasted(text), &session)
    case .message(.stray): confirm(.stray, &session)
    case .message(.pasteBegan): confirm(.pasteBegan, &session)
    case .message(.pasteAbandoned):
      end("incomplete paste: review closed, nothing sent", &session)
    case .message(.resumed):
      end("the program was suspended: review closed, nothing sent", &session)
    // An operator who cannot see the countdown cannot stop it.
    case .message(.ticked(_, let isSeen)):
      isSeen ? confirm(.tick, &session) : stopGrace(&session)
    case .message(.resized): session.size.hasRoom ? see(session) : stopGrace(&session)
    case .message(.trustRead): checkTrust(&session)
    case .command, .message: .unhandled
    }
  }
}

// MARK: - The confirmation

extension ReviewScreen {
  /// Requests letters and drops earlier requests.
  private func drawLetters(_ session: inout Session) -> [Effect] {
    session.requests.forget { $0 == .letters }.map(Effect.abandon)
      + [.drawLetters(session.requests.begin(.letters))]
  }

  /// Begins the confirmation with its letters, or asks for them after a burst of keys.
  private mutating func begin(_ letters: String, _ session: inout Session) -> Reaction {
    if confirmation != nil {
      confirmation?.check(letters, at: session.uptime)
      return .stay
    }
    var mismatches = 0
    if case .alone(let item, _) = progress.current {
      mismatches = session.plan.mismatches(of: item.id)
    }
    confirmation = Challenge(
      progress.current.confirmation, letters: letters, opened: session.uptime,
      grace: session.launch.grace, seenWhole: false, reason: progress.reason,
      mismatches: mismatches)
    return see(session)
  }

  /// Tells the confirmation when the last line of the review has been on the screen.
  private mutating func see(_ session: Session) -> Reaction {
    guard session.size.hasRoom, confirmation != nil else { return .stay }
    let layout = ReviewLayout(self, in: session)
    scroll = min(scroll, layout.lastScroll)
    if scroll == layout.lastScroll {
      _ = confirmation?.update(.seenWhole, at: session.uptime)
    }
    return .stay
  }

  private mutating func press(_ key: Key, _ session: inout Session) -> Reaction {
    // In the grace period every key stops the sending, including keys with another meaning.
    if isInGrace {
      var reaction = confirm(key.confirmationEvent, &session)
      if key == .control("z") { reaction.effects.append(.suspend) }
      return reaction
    }
    if Command.bound(to: [key], in: .review) == .send(.skip) { return skip(&session) }
    let distance = key.scrolling(page: ReviewLayout(self, in: session).rows)
    guard distance != nil || key == .control("z") || key == .control("l") else {
      let reaction = confirm(key.confirmationEvent, &session)
      if key.confirmationEvent == .other, reaction.changes.isEmpty {
        session.notice = Notice("\(Chord([key]).text): not used here", .refusal)
      }
      return reaction
    }
    let isHeard = confirmation?.passes(at: session.uptime) ?? false
    if isHeard, let distance { scroll = max(0, scroll + distance) }
    switch key {
    case .control("z"): return .effects([.suspend])
    case .control("l"): return .effects([.redraw])
    default: return see(session)
    }
  }

  /// Passes an event to the confirmation and carries out its outcome.
  private mutating func confirm(
    _ event: Challenge.Event, _ session: inout Session
  ) -> Reaction {
    guard var confirmation else { return event == .escape ? .close : .stay }
    let wasHidden = confirmation.hidesSender
    let outcome = confirmation.update(event, at: session.uptime)
    self.confirmation = confirmation
    progress.reason = confirmation.reason
    session.answers.reason = confirmation.reason
    let isTold = wasHidden && !confirmation.hidesSender
    if isTold { scroll = 0 }
    switch outcome {
    case .none: return isTold ? see(session) : .stay
    // The last chance to learn that another session removed the organization from the trust list.
    case .armed: return .effects([session.readTrust()])
    case .burst: return .effects(drawLetters(&session))
    case .closed: return end(Notice("nothing was sent; the plan is kept"), &session)
    case .stopped: return end(Notice("stopped: nothing was sent; the plan is kept"), &session)
    case .overslept(let span):
      return end(
        "the program was suspended for \(span.wholeSeconds) s: nothing was sent", &session)
    // The keys that follow may stop the sending, so they are not discarded.
    case .send: return Reaction(changes: [.replace(SendingScreen(progress, session))])
    case .mismatch(let typed): return .effects(noteMismatch(typed, &session))
    case .locked(let typed):
      let effects = noteMismatch(typed, &session)
      return lock(effects, &session)
    }
  }

  /// Stops a confirmed send that the operator can no longer see.
  private mutating func stopGrace(_ session: inout Session) -> Reaction {
    isInGrace ? confirm(.other, &session) : .stay
  }

  /// Closes the review if a sender's trust or look-alike changed since it was opened (UX-14.8).
  private func checkTrust(_ session: inout Session) -> Reaction {
    let lines = progress.sheet.together + progress.sheet.alone
    let items = progress.current.items
    let hasChanged = lines.contains { line in
      guard items.contains(where: { $0.id == line.item.id }) else { return false }
      let now = ReviewSheet.Line(line.item, in: session.inbox, shownIn: RowSelection.screens)
      return now.trust != line.trust || now.ruling != line.ruling
        || now.lookAlike != line.lookAlike
    }
    guard hasChanged else { return .stay }
    return end(
      Notice(
        "the trust list changed, or a name that is known: review again; nothing was sent",
        .refusal), &session)
  }

  private func noteMismatch(_ typed: Untrusted, _ session: inout Session) -> [Effect] {
    guard case .alone(let item, _) = progress.current else { return [] }
    session.plan.recordMismatch(item.id)
    return [.noteMismatch(item.id, item.account, typed: typed)]
  }
}

// MARK: - The end of a step

extension ReviewScreen {
  /// Closes the review for an external reason; the plan is kept.
  private func end(_ reason: String, _ session: inout Session) -> Reaction {
    end(Notice("\(reason); the plan is kept", .refusal), &session)
  }

  /// Closes the review and shows the results of its earlier steps.
  private func end(_ why: Notice, _ session: inout Session) -> Reaction {
    session.notice = why
    // The key that a stray byte becomes, and what was typed with it, is not meant for the screen
    // that follows. It is discarded before the program stops, if it does.
    guard progress.earlier.isEmpty else {
      let outcome = OutcomeScreen(entries: progress.earlier, skipped: progress.skipped)
      return Reaction(effects: [.flushInput], changes: [.replace(outcome)])
    }
    return Reaction(effects: [.flushInput], changes: [.close])
  }

  /// Goes on with the next step after a row was locked.
  private func lock(_ effects: [Effect], _ session: inout Session) -> Reaction {
    guard case .alone(let item, _) = progress.current else { return .effects(effects) }
    session.notice = Notice(
      "\(item.id.text) is locked until the program is started again", .refusal)
    var reaction = nextStep
    reaction.effects = effects
    return reaction
  }

  private static let notSkipped = "only an answer before another can be skipped: Esc goes back"

  func disabledReason(of command: Command, _ session: Session) -> String? {
    command == .send(.skip) && !progress.canSkip ? Self.notSkipped : nil
  }

  /// Skips an answer that is confirmed alone; it stays in the plan.
  private mutating func skip(_ session: inout Session) -> Reaction {
    guard confirmation?.passes(at: session.uptime) ?? false else { return .stay }
    guard progress.canSkip else {
      session.notice = Notice(Self.notSkipped, .refusal)
      return .stay
    }
    progress.skipped += progress.current.items
    return nextStep
  }

  /// The next confirmation, or the end of the plan.
  private var nextStep: Reaction {
    if let next = progress.following { return .open(ReviewScreen(next)) }
    return progress.earlier.isEmpty ? .close : .open(OutcomeScreen(progress))
  }
}

extension Key {
  fileprivate var confirmationEvent: Challenge.Event {
    switch self {
    case .character(let scalar): .character(scalar)
    case .backspace: .backspace
    case .control("u"): .deleteLine
    case .control("w"): .deleteWord
    case .enter: .enter
    case .tab: .tab
    case .escape, .control("c"): .escape
    default: .other
    }
  }

  /// Returns the lines that a key scrolls a review by; nil for keys that edit text.
  fileprivate func scrolling(page: Int) -> Int? {
    if case .character = self { return nil }
    // C-u clears the field.
    if self == .control("u") { return nil }
    guard case .move(let move) = Command.bound(to: [self], in: .panel) else { return nil }
    return move.distance(page: max(1, page))
  }
}

/// The layout of the review's box: a body that scrolls, and a foot that is always visible.
struct ReviewLayout {
  let box: Rect
  let title: Line
  let body: [Line]
  let foot: [Line]
  /// The cursor's position in the foot.
  let cursor: Position?
  /// The number of visible lines of the body.
  let rows: Int

  /// The scroll position at which the last line of the body is visible.
  var lastScroll: Int { max(0, body.count - rows) }

  init(_ review: ReviewScreen, in session: Session) {
    let progress = review.progress
    let words = ConfirmationWords(
      progress.current, letters: review.confirmation?.letters ?? "..",
      isHiding: progress.isAlone && (review.confirmation?.hidesSender ?? true))
    let screen = session.size.belowTitle
    let columns = session.size.dialog(rows: 1).columns
    let content = ReviewContent(
      review: review, session: session, words: words, width: columns - 4)
    body = progress.isAlone ? content.aloneLines : content.batchLines
    // The foot's height does not depend on what is left to read.
    let footRows = content.confirmationLines(left: 0).lines.count
    let height = min(max(3, screen.rows), body.count + footRows + 2)
    rows = max(1, height - footRows - 2)
    let left = max(0, body.count - rows - review.scroll)
    (foot, cursor) = content.confirmationLines(left: left)
    box = screen.centred(rows: height, columns: columns)
    let count = progress.sheet.steps.count
    let step = count > 1 ? "  \(progress.step + 1) of \(count)" : ""
    title = Self.title(progress, words, step: step, columns: columns - 6)
  }

  /// Returns the title: what is confirmed alone and why, or the number of look-alikes.
  ///
  /// The number of the step is included only if it fits.
  private static func title(
    _ progress: ReviewProgress, _ words: ConfirmationWords, step: String, columns: Int
  ) -> Line {
    var title = Line("REVIEW: \(words.title)", .heading, bold: true)
    if let line = progress.line {
      title += line.item.seen.shape.otherLabel
      let reasons = line.ruling.reasons.map(\.title).joined(separator: ", ")
      title += Line("  \(reasons)", .danger, bold: true)
    } else if progress.sheet.lookAlikeCount > 0 {
      title += Line("  \(progress.sheet.lookAlikeCount) like!", .danger, bold: true)
    }
    return title.width + step.utf8.count <= columns ? title + Line(step, .heading) : title
  }
}

extension ReviewScreen {
  func draw(_ session: Session, _ canvas: inout Canvas) {
    let layout = ReviewLayout(self, in: session)
    canvas.box(layout.box, layout.title) { canvas in
      var rest = canvas.bounds
      rest = Rect(
        row: rest.row, column: rest.column + 1, rows: rest.rows, columns: rest.columns - 2)
      let foot = rest.takeBottom(layout.foot.count)
      let scroll = min(scroll, layout.lastScroll)
      let left = layout.lastScroll - scroll
      let more =
        left > 0
        ? Line(" +\(left) \(left == 1 ? "line" : "lines"): Down ", .warning, bold: true) : Line()
      canvas.inside(rest) { canvas in
        for (row, line) in layout.body.dropFirst(scroll).prefix(rest.rows).enumerated() {
          canvas.draw(line, row: row, before: row == rest.rows - 1 ? more : Line())
        }
      }
      canvas.draw(layout.foot, from: 0, in: foot)
      if let cursor = layout.cursor {
        canvas.placeCursor(row: foot.row + cursor.row, column: foot.column + cursor.column)
      }
    }
  }
}

extension Challenge {
  /// Whether the operator has yet to state the sender's organization; until then no line names it
  /// (UX-14.6).
  var hidesSender: Bool {
    guard case .alone = kind else { return false }
    return phase == .organization || phase == .locked
  }
}
