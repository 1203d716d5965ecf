import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text

/// The results of the answers that were sent, and what is left to do.
struct OutcomeScreen: Equatable, Sendable {
  struct Entry: Equatable, Sendable {
    var item: PlanItem
    var result: WriteResult
    /// The account's identity before the run.
    var before: Identity?
  }

  var entries: [Entry]
  /// The answers that were skipped when they were to be confirmed; they stay in the plan.
  var skipped: [PlanItem] = []
  var stopped: StopCause?
  /// The confirmation that follows, if the plan has another step.
  var next: ReviewDialog?
  var scroll = 0

  /// The number of answers with each result, in the order of the entries: `3 accepted, 4 refused`.
  var counts: String {
    var order: [String] = []
    var numbers: [String: Int] = [:]
    let words = entries.map { $0.result.outcome.countWord(for: $0.item.answer) }
    for word in words + skipped.map({ _ in "skipped" }) {
      if numbers[word] == nil { order.append(word) }
      numbers[word, default: 0] += 1
    }
    return order.map { "\(numbers[$0] ?? 0) \($0)" }.joined(separator: ", ")
  }
}

extension State {
  /// Shows the results so far after a run; the next confirmation opens only after they were seen.
  mutating func showResults(of review: ReviewDialog) -> [Effect] {
    open(
      .outcome(
        OutcomeScreen(
          entries: review.earlier, skipped: review.skipped, next: review.following)))
  }

  mutating func press(_ key: Key, in outcome: OutcomeScreen) -> [Effect] {
    let command = Command.bound(to: [key], in: .outcome)
    if let effects = pressAnywhere(command) { return effects }
    switch command {
    case .look(.back), .look(.outward), .program(.quit):
      let effects = back() ?? []
      if let next = outcome.next {
        let left = next.sheet.steps.count - next.step
        notice = Notice("\(left) not confirmed and not sent: still in the plan")
      }
      return effects
    case .send(.review):
      return outcome.next.map { openStep($0) } ?? []
    case .move(let move):
      var outcome = outcome
      let count = outcomeLines(outcome, columns: size.columns).count
      // Without the two title lines and the keys.
      let rows = max(1, size.rows - 3)
      outcome.scroll = outcome.scroll.scrolled(move.distance(page: rows), of: count, in: rows)
      dialog = .outcome(outcome)
      return []
    default:
      notice = Notice(Command.reasonNotBound([key], in: .outcome), .refusal)
      return []
    }
  }
}

extension State {
  func draw(_ outcome: OutcomeScreen, _ canvas: inout Canvas) {
    var rest = Rect(size)
    _ = rest.takeTop(2)
    canvas.inside(rest) { canvas in
      canvas.clear()
      var rest = canvas.bounds
      let keys = rest.takeBottom(1)
      let lines = outcomeLines(outcome, columns: size.columns)
      canvas.draw(lines, from: outcome.scroll, in: rest)
      canvas.placeCursor(row: 0, column: 0)
      let isMore = lines.count - outcome.scroll > rest.rows
      let position = Line.position(scroll: outcome.scroll, rows: rest.rows, of: lines.count)
      canvas.inside(keys) { canvas in
        let more = isMore ? Line("  more below", .warning) : Line()
        canvas.draw(outcomeKeys(outcome), row: 0, before: more + position)
      }
    }
  }

  private func outcomeKeys(_ outcome: OutcomeScreen) -> Line {
    guard let next = outcome.next else {
      return Line(" Esc", .key) + Line(" back to the list   ") + Line("j k", .key)
        + Line(" scroll   ") + Line("5", .key) + Line(" (in the list): audit")
    }
    let left = next.sheet.steps.count - next.step
    return Line(" C", .key, bold: true) + Line(" go on: \(left) to confirm separately  ")
      + Line("Esc", .key) + Line(" stop here  ") + Line("j k", .key) + Line(" scroll")
  }

  /// Returns each answer with its result, and after an accept what is left to do.
  func outcomeLines(_ outcome: OutcomeScreen, columns: Int) -> [Line] {
    let width = max(1, columns - 6)
    var lines = (Line("RESULT  ", .heading) + Line(outcome.counts))
      .wrapped(to: max(1, columns - 2), indent: 8).map { Line(" ") + $0 }
    lines.append(Line())
    if let cause = outcome.stopped { lines += [Line(" " + cause.words, .danger), Line()] }
    for (number, entry) in outcome.entries.enumerated() {
      let item = entry.item
      let mark = item.senderTrust?.mark ?? .ok
      let trust = mark == .like || mark == .new ? mark.label + Line("   ") : Line()
      var head = Line(" \(number + 1) \(item.answer.rawValue)", .plain, bold: true)
      head += item.seen.shape.otherLabel
      head += Line("  \(accountLabel(item.account))   ", .plain, bold: true)
      head += Line("\(senderLabel(item.seen))   ") + trust + resultLine(entry.result)
      // Wrapped, not cut, because the result is at its end.
      lines += head.wrapped(to: max(1, columns - 1), indent: 4)
      lines += explained(item, entry.result, width: width).map { Line("   ") + $0 }
      lines += afterwards(entry, width: width)
      lines.append(Line())
    }
    for item in outcome.skipped {
      lines += Line(
        "- \(item.answer.rawValue)  \(accountLabel(item.account))   \(item.id.text)   "
          + "skipped, still planned", .warning
      ).wrapped(to: columns - 2, indent: 2).map { Line(" ") + $0 }
    }
    return lines
  }

  private func afterwards(_ entry: OutcomeScreen.Entry, width: Int) -> [Line] {
    guard entry.item.answer == .accept, entry.result.outcome.isDone, let before = entry.before
    else { return [] }
    let steps = AfterAccept.steps(after: entry.item.seen, as: before)
    guard !steps.isEmpty else { return [] }
    return [Line("   NEXT STEPS", .heading)]
      + steps.flatMap { step in
        Line("[ ] \(step.words)").wrapped(to: width, indent: 4).map { Line("   ") + $0 }
      }
  }
}

/// The result of the last attempt on a handshake, for rows that must not look untried.
enum LastResult: Hashable, Sendable {
  case none
  /// The service refused it, it was not sent, or it was sent and not applied.
  case failed
  /// A rule of this program held it back.
  case held
  /// The outcome is unknown; nothing more is sent for the handshake until it is known.
  case unknown

  /// The mark in the first column of a list.
  var mark: String {
    switch self {
    case .none: "."
    case .failed: "F"
    case .held: "H"
    case .unknown: "?"
    }
  }
}

extension State {
  /// Returns the last result of this session, or an unresolved attempt of any session.
  func lastResult(of id: HandshakeID) -> LastResult {
    if inbox.attempts(id).contains(where: { !($0.outcome?.isEnd ?? false) }) { return .unknown }
    return switch results[id]?.result.outcome {
    case nil, .done, .notTried: .none
    case .refused, .notSent, .notApplied: .failed
    // An unknown outcome stays unknown only until the journal has a final outcome for the attempt.
    case .unknown(_, let attempt): journal.isResolved(attempt) ? .failed : .unknown
    case .heldBack(.openIntent(let attempt)): journal.isResolved(attempt) ? .held : .unknown
    case .heldBack: .held
    }
  }

  /// Returns the last result in words; nil if the handshake is untried or was answered.
  func lastResultLine(of id: HandshakeID) -> Line? {
    let last = lastResult(of: id)
    guard last != .none else { return nil }
    let attempt = inbox.attempts(id).last { !($0.outcome?.isEnd ?? false) }
    if last == .unknown, let attempt {
      return Line("? UNRESOLVED  ", .danger, bold: true)
        + Line("attempt \(attempt.intent.id.text) has no known outcome: do not send again", .danger)
    }
    guard let entry = results[id] else { return nil }
    let words = Explanation(entry.result.outcome, of: .answer(entry.item), in: launch.charset)
    return Line("\(last.mark) ", .danger, bold: true) + resultLine(entry.result)
      + Line(": \(words.why)", .danger)
  }
}

extension JournalState {
  /// Returns whether the journal, as last read, has a final outcome for an attempt.
  fileprivate func isResolved(_ id: IntentID) -> Bool {
    records.contains { record in
      if case .outcome(id, let outcome) = record.event { outcome.isEnd } else { false }
    }
  }
}
