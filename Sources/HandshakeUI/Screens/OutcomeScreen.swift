import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text

/// The results of the answers that were sent, and what is left to do.
struct OutcomeScreen: Screen {
  var entries: [AnswerResult]
  /// The answers that were skipped when they were to be confirmed; they stay in the plan.
  var skipped: [PlanItem] = []
  var stopped: StopCause?
  /// The confirmation that follows, if the plan has another step; it opens only after the results
  /// were seen.
  var next: ReviewProgress?
  private(set) var scroll = 0

  init(
    entries: [AnswerResult], skipped: [PlanItem] = [], stopped: StopCause? = nil,
    next: ReviewProgress? = nil
  ) {
    self.entries = entries
    self.skipped = skipped
    self.stopped = stopped
    self.next = next
  }

  /// Creates the results of a step and those before it.
  init(_ progress: ReviewProgress) {
    self.init(
      entries: progress.earlier, skipped: progress.skipped, next: progress.following)
  }

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

  var context: KeyContext { .outcome }

  func close(_ session: inout Session) -> [Effect] {
    // The next plan needs a reason of its own.
    session.answers.reason = []
    return session.answersToKeep.isEmpty ? [.keepPlan([])] : []
  }

  mutating func handle(_ event: ScreenEvent, _ session: inout Session) -> Reaction {
    switch event {
    case .command(.look(.back)), .command(.look(.outward)), .command(.program(.quit)):
      if let next {
        session.notice = Notice("\(next.stepsLeft) not confirmed and not sent: still in the plan")
      }
      return .close
    case .command(.send(.review)): return next.map { .open(ReviewScreen($0)) } ?? .stay
    case .command(.move(let move)):
      // Without the two title lines and the keys.
      let rows = max(1, session.size.rows - 3)
      scroll = scroll.scrolled(move.distance(page: rows), of: lines(session).count, in: rows)
      return .stay
    case .key, .command, .message: return .unhandled
    }
  }
}

extension OutcomeScreen {
  func draw(_ session: Session, _ canvas: inout Canvas) {
    canvas.inside(canvas.size.belowTitle) { canvas in
      canvas.clear()
      var rest = canvas.bounds
      let bottom = rest.takeBottom(1)
      let lines = self.lines(session)
      canvas.draw(lines, from: scroll, in: rest)
      canvas.placeCursor(row: 0, column: 0)
      let isMore = lines.count - scroll > rest.rows
      let position = Line.position(scroll: scroll, rows: rest.rows, of: lines.count)
      canvas.inside(bottom) { canvas in
        let more = isMore ? Line("  more below", .warning) : Line()
        canvas.draw(self.keys, row: 0, before: more + position)
      }
    }
  }

  private var keys: Line {
    guard let next = next else {
      return Line(" Esc", .key) + Line(" back to the list   ") + Line("j k", .key)
        + Line(" scroll   ") + Line("5", .key) + Line(" (in the list): audit")
    }
    let left = next.stepsLeft
    return Line(" C", .key, bold: true) + Line(" go on: \(left) to confirm separately  ")
      + Line("Esc", .key) + Line(" stop here  ") + Line("j k", .key) + Line(" scroll")
  }

  /// Returns each answer with its result, and after an accept what is left to do.
  func lines(_ session: Session) -> [Line] {
    let (columns, labels) = (session.size.columns, session.labels)
    let charset = session.launch.charset
    let width = max(1, columns - 6)
    var lines = (Line("RESULT  ", .heading) + Line(counts))
      .wrapped(to: max(1, columns - 2), indent: 8).map { Line(" ") + $0 }
    lines.append(Line())
    if let cause = stopped { lines += [Line(" " + cause.words, .danger), Line()] }
    for (number, entry) in entries.enumerated() {
      let item = entry.item
      let mark = item.senderTrust?.mark ?? .ok
      let trust = mark == .like || mark == .new ? mark.label + Line("   ") : Line()
      var head = Line(" \(number + 1) \(item.answer.rawValue)", .plain, bold: true)
      head += item.seen.shape.otherLabel
      head += Line("  \(labels.account(item.account))   ", .plain, bold: true)
      head += Line("\(labels.sender(of: item.seen))   ") + trust + entry.result.line(labels.format)
      // Wrapped, not cut, because the result is at its end.
      lines += head.wrapped(to: max(1, columns - 1), indent: 4)
      lines += entry.result.explained(item, in: charset, width: width).map { Line("   ") + $0 }
      lines += afterwards(entry, width: width)
      lines.append(Line())
    }
    for item in skipped {
      lines += Line(
        "- \(item.answer.rawValue)  \(labels.account(item.account))   \(item.id.text)   "
          + "skipped, still planned", .warning
      ).wrapped(to: columns - 2, indent: 2).map { Line(" ") + $0 }
    }
    return lines
  }

  private func afterwards(_ entry: AnswerResult, width: Int) -> [Line] {
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
