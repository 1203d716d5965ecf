import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewWording
import Text

/// The review of the whole plan and its confirmations, one after the other (UX-4.1).
struct ReviewDialog: Equatable, Sendable {
  let sheet: ReviewSheet
  /// The index of the sheet's step that is being confirmed.
  let step: Int
  /// The state of the confirmation; nil until its letters have been drawn.
  var confirmation: Challenge?
  var scroll = 0
  /// The results of earlier steps of the same plan.
  var earlier: [OutcomeScreen.Entry] = []
  /// The answers of skipped steps; they stay in the plan.
  var skipped: [PlanItem] = []
  /// The reason, given once and offered again in the next step.
  var reason: [UInt8] = []

  var current: ReviewSheet.Step { sheet.steps[step] }

  var isAlone: Bool {
    if case .alone = current { true } else { false }
  }

  /// The answer that is confirmed alone; nil if the step confirms several together.
  var line: ReviewSheet.Line? {
    guard case .alone(let item, _) = current else { return nil }
    return sheet.alone.first { $0.item.id == item.id }
  }

  var isInGrace: Bool { confirmation?.isInGrace ?? false }

  /// The next step of the same plan; nil after the last.
  var following: ReviewDialog? {
    guard sheet.steps.indices.contains(step + 1) else { return nil }
    return ReviewDialog(
      sheet: sheet, step: step + 1, earlier: earlier, skipped: skipped, reason: reason)
  }

  /// Whether this step can be skipped without ending the others.
  var canSkip: Bool { isAlone && following != nil }
}

extension State {
  mutating func openReview() -> [Effect] {
    let sheet = ReviewSheet(plan, in: inbox)
    guard !sheet.steps.isEmpty else {
      let title = Line("NOTHING CAN BE SENT", .danger)
      let lines = barredLines(sheet, width: max(20, dialogRect(rows: 1).columns - 4))
      return sheet.barred.isEmpty ? [] : open(.panel(Panel(title, lines)))
    }
    return openStep(ReviewDialog(sheet: sheet, step: 0, reason: reason))
  }

  /// Opens the dialog of one step, for which new letters are drawn.
  mutating func openStep(_ dialog: ReviewDialog) -> [Effect] {
    let effects = open(.review(dialog))
    return effects + [readTrust()] + drawLetters()
  }

  /// Requests letters and drops earlier requests.
  private mutating func drawLetters() -> [Effect] {
    requests.forget { $0 == .letters }.map(Effect.abandon)
      + [.drawLetters(requests.begin(.letters))]
  }

  mutating func lettersDrawn(_ token: Token, _ letters: String) -> [Effect] {
    guard requests.end(token) == .letters, case .review(var review) = dialog else { return [] }
    if review.confirmation != nil {
      review.confirmation?.check(letters, at: uptime)
      dialog = .review(review)
      return []
    }
    var mismatches = 0
    if case .alone(let item, _) = review.current { mismatches = plan.mismatches(of: item.id) }
    review.confirmation = Challenge(
      review.current.confirmation, letters: letters, opened: uptime, grace: launch.grace,
      seenWhole: false, reason: review.reason, mismatches: mismatches)
    dialog = .review(review)
    return seeReview()
  }

  /// Tells the confirmation when the last line of the review has been on the screen.
  mutating func seeReview() -> [Effect] {
    guard hasRoom, case .review(var review) = dialog, review.confirmation != nil else { return [] }
    let layout = ReviewLayout(review, in: self)
    review.scroll = min(review.scroll, layout.lastScroll)
    if review.scroll == layout.lastScroll {
      _ = review.confirmation?.update(.seenWhole, at: uptime)
    }
    dialog = .review(review)
    return []
  }

  mutating func press(_ key: Key, in review: ReviewDialog) -> [Effect] {
    // In the grace period every key stops the sending, including keys with another meaning.
    if review.isInGrace {
      return confirm(review, key.confirmationEvent) + (key == .control("z") ? [.suspend] : [])
    }
    if Command.bound(to: [key], in: .review) == .send(.skip) { return skip(review) }
    let page = ReviewLayout(review, in: self).rows
    let distance = key.scrolling(page: page)
    guard distance != nil || key == .control("z") || key == .control("l") else {
      let effects = confirm(review, key.confirmationEvent)
      if key.confirmationEvent == .other, case .review = dialog {
        notice = Notice("\(Chord([key]).text): not used here", .refusal)
      }
      return effects
    }
    var review = review
    let isHeard = review.confirmation?.passes(at: uptime) ?? false
    if isHeard, let distance { review.scroll = max(0, review.scroll + distance) }
    dialog = .review(review)
    switch key {
    case .control("z"): return [.suspend]
    case .control("l"): return [.redraw]
    default: return seeReview()
    }
  }

  /// Passes an event to the confirmation and carries out its outcome.
  mutating func confirm(_ review: ReviewDialog, _ event: Challenge.Event) -> [Effect] {
    var review = review
    guard var confirmation = review.confirmation else {
      if event == .escape { dialog = nil }
      return []
    }
    let wasHidden = confirmation.hidesSender
    let outcome = confirmation.update(event, at: uptime)
    review.confirmation = confirmation
    review.reason = confirmation.reason
    reason = confirmation.reason
    let isTold = wasHidden && !confirmation.hidesSender
    if isTold { review.scroll = 0 }
    dialog = .review(review)
    switch outcome {
    case .none: return isTold ? seeReview() : []
    // The last chance to learn that another session removed the organization from the trust list.
    case .armed: return [readTrust()]
    case .burst: return drawLetters()
    case .closed: return endConfirmation(review, Notice("nothing was sent; the plan is kept"))
    case .stopped:
      return endConfirmation(review, Notice("stopped: nothing was sent; the plan is kept"))
    case .overslept(let span):
      return closeReview("the program was suspended for \(span.wholeSeconds) s: nothing was sent")
    case .send: return send(review)
    case .mismatch(let typed): return noteMismatch(review, typed)
    case .locked(let typed): return noteMismatch(review, typed) + lock(review)
    }
  }

  /// Closes a review if a sender's trust or look-alike changed since it was opened (UX-14.8).
  mutating func checkReview() -> [Effect] {
    guard case .review(let review) = dialog else { return [] }
    let lines = review.sheet.together + review.sheet.alone
    let items = review.current.items
    let hasChanged = lines.contains { line in
      guard items.contains(where: { $0.id == line.item.id }) else { return false }
      let now = ReviewSheet.Line(line.item, in: inbox, shownIn: RowSelection.screens)
      return now.trust != line.trust || now.ruling != line.ruling
        || now.lookAlike != line.lookAlike
    }
    guard hasChanged else { return [] }
    return endConfirmation(
      review,
      Notice(
        "the trust list changed, or a name that is known: review again; nothing was sent", .refusal)
    )
  }

  /// Closes a review and shows the results of its earlier steps.
  mutating func endConfirmation(_ review: ReviewDialog, _ why: Notice) -> [Effect] {
    dialog = nil
    // The key that a stray byte becomes, and what was typed with it, is not meant for the screen
    // below.
    let effects =
      review.earlier.isEmpty
      ? [.flushInput]
      : open(.outcome(OutcomeScreen(entries: review.earlier, skipped: review.skipped)))
    notice = why
    return effects
  }

  private mutating func noteMismatch(_ review: ReviewDialog, _ typed: Untrusted) -> [Effect] {
    guard case .alone(let item, _) = review.current else { return [] }
    plan.recordMismatch(item.id)
    return [.noteMismatch(item.id, item.account, typed: typed)]
  }

  /// Goes on with the next step after a row was locked.
  private mutating func lock(_ review: ReviewDialog) -> [Effect] {
    guard case .alone(let item, _) = review.current else { return [] }
    let text = "\(item.id.text) is locked until the program is started again"
    let effects = nextStep(after: review)
    notice = Notice(text, .refusal)
    return effects
  }

  /// Skips an answer that is confirmed alone; it stays in the plan.
  private mutating func skip(_ review: ReviewDialog) -> [Effect] {
    var review = review
    guard review.canSkip, review.confirmation?.passes(at: uptime) ?? false else { return [] }
    review.skipped += review.current.items
    return nextStep(after: review)
  }

  /// Opens the next confirmation, or ends the plan.
  mutating func nextStep(after review: ReviewDialog) -> [Effect] {
    if let next = review.following { return openStep(next) }
    dialog = nil
    return review.earlier.isEmpty ? [] : showResults(of: review)
  }
}

extension Key {
  var confirmationEvent: Challenge.Event {
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

  init(_ review: ReviewDialog, in state: State) {
    let words = ConfirmationWords(
      review.current, letters: review.confirmation?.letters ?? "..",
      isHiding: review.isAlone && (review.confirmation?.hidesSender ?? true))
    let columns = state.dialogRect(rows: 1).columns
    let width = columns - 4
    body =
      review.isAlone
      ? state.aloneLines(review, words, width: width)
      : state.batchLines(review, words, width: width)
    // The foot's height does not depend on what is left to read.
    let footRows = state.confirmationLines(review, words, width: width, left: 0).lines.count
    let room = max(3, state.belowTitle.rows)
    let height = min(room, body.count + footRows + 2)
    rows = max(1, height - footRows - 2)
    let left = max(0, body.count - rows - review.scroll)
    (foot, cursor) = state.confirmationLines(review, words, width: width, left: left)
    box = state.belowTitle.centred(rows: height, columns: columns)
    let count = review.sheet.steps.count
    let step = count > 1 ? "  \(review.step + 1) of \(count)" : ""
    title = Self.title(review, words, step: step, columns: columns - 6)
  }

  /// Returns the title: what is confirmed alone and why, or the number of look-alikes.
  ///
  /// The number of the step is included only if it fits.
  private static func title(
    _ review: ReviewDialog, _ words: ConfirmationWords, step: String, columns: Int
  ) -> Line {
    var title = Line("REVIEW: \(words.title)", .heading, bold: true)
    if let line = review.line {
      title += line.item.seen.shape.otherLabel
      let reasons = line.ruling.reasons.map(\.title).joined(separator: ", ")
      title += Line("  \(reasons)", .danger, bold: true)
    } else if review.sheet.lookAlikeCount > 0 {
      title += Line("  \(review.sheet.lookAlikeCount) like!", .danger, bold: true)
    }
    return title.width + step.utf8.count <= columns ? title + Line(step, .heading) : title
  }
}

extension State {
  func draw(_ review: ReviewDialog, _ canvas: inout Canvas) {
    let layout = ReviewLayout(review, in: self)
    canvas.box(layout.box, layout.title) { canvas in
      var rest = canvas.bounds
      rest = Rect(
        row: rest.row, column: rest.column + 1, rows: rest.rows, columns: rest.columns - 2)
      let foot = rest.takeBottom(layout.foot.count)
      let scroll = min(review.scroll, layout.lastScroll)
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
