import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewWording
import Text

/// The progress of a run, with one line for each answer in the order of sending.
struct SendingScreen: Equatable, Sendable {
  var review: ReviewDialog
  let token: Token
  let items: [PlanItem]
  let since: Span
  /// The accounts' identities before the run.
  let before: [AccountID: Identity]
  var stages: [RunNews.Stage?]
  /// The end of the current wait, on the monotonic clock.
  var waitEnds: Span?
  var results: [WriteResult?]
  var focus = 0
  var isStopping = false
  /// Whether a lone ESC has stopped the run; the Escape key it becomes does not stop it again.
  var awaitsEscape = false

  var done: Int { results.count { $0 != nil } }

  /// Returns the time at which the countdown of a wait changes to its next second.
  func nextTick(after uptime: Span) -> Span? {
    guard let waitEnds, waitEnds > uptime else { return nil }
    return uptime + Span(milliseconds: max(1, ((waitEnds - uptime).milliseconds - 1) % 1_000 + 1))
  }
}

extension State {
  /// Sends what was confirmed and nothing else.
  mutating func send(_ review: ReviewDialog) -> [Effect] {
    let items = review.current.items
    let token = requests.begin(.run)
    let accounts = Set(items.map(\.account))
    let before = Dictionary(
      uniqueKeysWithValues: accounts.compactMap { account in
        inbox.identity(account).map { (account, $0) }
      })
    dialog = .sending(
      SendingScreen(
        review: review, token: token, items: items, since: uptime, before: before,
        stages: items.map { _ in nil }, results: items.map { _ in nil }))
    return [.send(token, items, reason: RunSettings.reason(review.reason))]
  }

  mutating func runTold(_ token: Token, _ news: RunNews) -> [Effect] {
    guard requests[token] == .run, case .sending(var sending) = dialog else { return [] }
    switch news {
    case .stage(let index, let stage):
      guard sending.stages.indices.contains(index) else { return [] }
      sending.stages[index] = stage
      sending.waitEnds = if case .waiting(let span, _) = stage { uptime + span } else { nil }
      sending.focus = index
      dialog = .sending(sending)
      return []
    case .ended(let index, let result):
      guard sending.results.indices.contains(index) else { return [] }
      sending.results[index] = result
      sending.waitEnds = nil
      dialog = .sending(sending)
      took(sending.items[index], result)
      return []
    case .finished(let summary):
      _ = requests.end(token)
      for (index, result) in summary.results.enumerated()
      where sending.results.indices.contains(index) {
        sending.results[index] = result
      }
      return finished(sending, summary)
    }
  }

  /// Records the result of one answer and updates the row in place.
  ///
  /// An answered row leaves the plan, and so does one whose answer failed: to send it again, it has
  /// to be planned and reviewed again.
  private mutating func took(_ item: PlanItem, _ result: WriteResult) {
    results[item.id] = OutcomeScreen.Entry(item: item, result: result, before: nil)
    if result.outcome.leavesPlan { plan.unstage(item.id) }
    guard case .done(let handshake?, _) = result.outcome else { return }
    let direction: Query.Direction = item.answer == .cancel ? .sent : .received
    let seen = inbox.row(item.id)?.sources.first
    inbox.apply(
      Reply(handshake, at: now), seenBy: seen ?? SourceKey(item.account, direction),
      uptime: uptime)
  }

  private mutating func finished(_ sending: SendingScreen, _ summary: RunSummary) -> [Effect] {
    var review = sending.review
    review.earlier += zip(sending.items, summary.results).map { item, result in
      OutcomeScreen.Entry(item: item, result: result, before: sending.before[item.account])
    }
    sentAnswers += review.earlier.suffix(sending.items.count)
    let readAgain = readAfterRun(summary, sending)
    guard summary.stopped == nil else {
      dialog = .outcome(
        OutcomeScreen(
          entries: review.earlier, skipped: review.skipped, stopped: summary.stopped))
      return readAgain
    }
    return readAgain + showResults(of: review)
  }

  /// Reads the accounts' identities, the rows that may have changed, and the journal after a run.
  private mutating func readAfterRun(_ summary: RunSummary, _ sending: SendingScreen) -> [Effect] {
    let accounts = Set(
      zip(sending.items, summary.results).compactMap { item, result in
        if case .done = result.outcome { item.account } else { nil }
      })
    let identities = accounts.sorted { $0.text < $1.text }.map { account in
      Effect.readIdentity(requests.begin(.identity(account)), account)
    }
    // A handshake that was not answered may differ from what is shown.
    let others = zip(sending.items, summary.results).compactMap { item, result in
      result.outcome.wantsReading ? inbox.row(item.id) : nil
    }
    return identities + others.flatMap { reread($0, isTold: false) }
      + [.readJournal(requests.begin(.journal))]
  }

  mutating func press(_ key: Key, in sending: SendingScreen) -> [Effect] {
    var sending = sending
    switch Command.bound(to: [key], in: .sending) {
    case .send(.stop):
      let again = sending.isStopping && !(sending.awaitsEscape && key == .escape)
      sending.isStopping = true
      sending.awaitsEscape = false
      dialog = .sending(sending)
      return [.stopSending(sending.token, again ? .now : .betweenItems)]
    case .move(let move):
      let target = sending.focus + move.distance(page: max(1, size.rows / 2))
      sending.focus = min(max(0, target), sending.items.count - 1)
      dialog = .sending(sending)
      return []
    case .program(.redraw): return [.redraw]
    case .program(.suspend): return [.suspend]
    default:
      notice = Notice(Command.reasonNotBound([key], in: .sending), .refusal)
      return []
    }
  }

  /// Stops between two answers for an ESC that may become the Escape key.
  ///
  /// Waiting for its meaning would let further requests be sent.
  mutating func stopEarly(_ sending: SendingScreen) -> [Effect] {
    guard !sending.isStopping else { return [] }
    var sending = sending
    sending.isStopping = true
    sending.awaitsEscape = true
    dialog = .sending(sending)
    return [.stopSending(sending.token, .betweenItems)]
  }

  mutating func stopRun(_ request: StopRequest) -> [Effect] {
    guard case .sending(let sending) = dialog else { return [] }
    return [.stopSending(sending.token, request)]
  }
}

extension State {
  /// Draws the run over everything but the title.
  func draw(_ sending: SendingScreen, _ canvas: inout Canvas) {
    var rest = Rect(size)
    _ = rest.takeTop(2)
    canvas.inside(rest) { canvas in
      canvas.clear()
      var rest = canvas.bounds
      let head = rest.takeTop(3)
      let keys = rest.takeBottom(1)
      let explained = rest.takeBottom(min(7, max(min(5, rest.rows / 2), rest.rows / 3)))
      canvas.draw(sendingHead(sending), from: 0, in: head)
      let rows = sendingRows(sending)
      let first = max(0, min(sending.focus - rest.rows + 2, rows.count - rest.rows + 1))
      canvas.draw([sendingHeading] + rows.dropFirst(first), from: 0, in: rest)
      canvas.placeCursor(row: rest.row + 1 + sending.focus - first, column: 0)
      canvas.draw(sendingDetail(sending), from: 0, in: explained)
      let stop =
        sending.isStopping
        ? Line(" Stopping after this request. s again: stop waiting for it too")
        : Line(" s", .key) + Line(" stop after this request   ") + Line("j k", .key)
          + Line(" rows" + (size.columns < 70 ? "" : "   Safe to disconnect"))
          + Line(size.columns < 110 ? "" : ": outcomes are checked at the next start")
      // What a key was refused for stands beside the key that stops, and never over it.
      let refusal = notice.flatMap { $0.kind == .refusal ? Line($0.text, $0.role) : nil }
      let line = refusal.map { Line(" s", .key) + Line(" stop   ") + $0 } ?? stop
      canvas.inside(keys) { canvas in
        canvas.draw(line, row: 0, before: .position(sending.focus + 1, of: sending.items.count))
      }
    }
  }

  private func sendingHead(_ sending: SendingScreen) -> [Line] {
    let count = sending.items.count
    let bad = sending.results.compactMap(\.self).count { !$0.outcome.isDone }
    let width = max(10, min(60, size.columns - 50))
    let full = count == 0 ? 0 : width * sending.done / count
    let bar = String(repeating: "#", count: full) + String(repeating: "-", count: width - full)
    let told =
      "  \(sending.done) of \(count) done   \(bad) not applied   \(count - sending.done) left"
    let reason =
      sending.review.reason.isEmpty ? "" : pen.exact(Untrusted(bytes: sending.review.reason))
    return [
      Line(" Sending  ", .heading) + Line(reason),
      Line(" [\(bar)]") + Line(told),
      Line(String(repeating: pen.lines.horizontal, count: size.columns), .border),
    ]
  }

  private var sendingHeading: Line {
    sendingColumns.heading(pen.lines)
  }

  private enum SendingColumn: Hashable, Sendable {
    case number, action, account, organization, result
  }

  private var sendingColumns: ColumnLayout<SendingColumn> {
    ColumnLayout(
      [
        Column(.number, "  #", width: 3, alignRight: true),
        Column(.action, "ACTION", width: 7),
        Column(.account, "ACCOUNT", width: 24, stretch: 12),
        Column(.organization, "ORGANIZATION", width: 14, stretch: 24, leaves: 1),
        Column(.result, "RESULT", width: 22, stretch: 20),
      ], in: size.columns - 1)
  }

  private func sendingRows(_ sending: SendingScreen) -> [Line] {
    let columns = sendingColumns
    return sending.items.indices.map { index in
      let item = sending.items[index]
      let result = sending.results[index].map(resultLine) ?? stageLine(sending, index)
      let row = columns.row(pen.lines) { column in
        switch column {
        case .number: Line("\(index + 1)")
        case .action: Line(item.answer.rawValue)
        case .account: Line(accountLabel(item.account))
        case .organization: Line(senderLabel(item.seen))
        case .result: result
        }
      }
      let isFocused = index == sending.focus
      return Line(isFocused ? ">" : " ", .focus, bold: isFocused)
        + (isFocused ? row.emboldened : row)
    }
  }

  private func stageLine(_ sending: SendingScreen, _ index: Int) -> Line {
    let left = sending.waitEnds.map { max(.zero, $0 - uptime) } ?? .zero
    guard let stage = sending.stages[index] else { return Line("queued", .quiet) }
    let words = stage.cellWords(waiting: left)
    return switch stage {
    case .waiting(_, .pace): Line(words, .quiet)
    case .waiting(_, .retry), .waiting(_, .reconcile), .reconciling: Line(words, .warning)
    case .checking: Line(words)
    case .sending: Line(words, .warning, bold: true)
    }
  }

  func resultLine(_ result: WriteResult) -> Line {
    let words = result.outcome.cellWords(pen)
    let role: Role =
      switch result.outcome {
      case .done: .good
      case .notTried: .warning
      case .refused, .notSent, .heldBack, .notApplied, .unknown: .danger
      }
    if case .unknown = result.outcome { return Line(words.text, role, bold: true) }
    return Line(words.text, role) + Line(words.remark)
  }

  private func sendingDetail(_ sending: SendingScreen) -> [Line] {
    guard let item = sending.items[safe: sending.focus] else { return [] }
    let rule = Line(String(repeating: pen.lines.horizontal, count: size.columns), .border)
    guard case .some(let result) = sending.results[safe: sending.focus] ?? nil else {
      return [rule, Line(" \(item.id.text)", .quiet)]
        + inquiryLines(sending, width: size.columns - 2).map { Line(" ") + $0 }
    }
    return [rule] + explained(item, result, width: size.columns - 2).map { Line(" ") + $0 }
  }

  /// Returns why the focused handshake is read again, how often, and when next.
  private func inquiryLines(_ sending: SendingScreen, width: Int) -> [Line] {
    let left = sending.waitEnds.map { max(.zero, $0 - uptime) }
    return switch sending.stages[safe: sending.focus] ?? nil {
    case .waiting(_, .reconcile(let inquiry)), .reconciling(let inquiry):
      Line(inquiry.words(waiting: left, in: launch.charset), .warning).wrapped(to: width)
    default: []
    }
  }

  /// Returns what happened, why, and the remedy.
  func explained(_ item: PlanItem, _ result: WriteResult, width: Int) -> [Line] {
    let words = Explanation(result.outcome, of: .answer(item), in: launch.charset)
    var lines = Line(words.what, result.outcome.isDone ? .good : .danger).wrapped(to: width)
    if !words.why.isEmpty { lines += Line(words.why).wrapped(to: width) }
    if !words.remedy.isEmpty {
      lines += (Line("remedy: ", .heading) + Line(words.remedy)).wrapped(to: width, indent: 2)
    }
    if let id = words.requestID { lines.append(Line("request id \(id)", .quiet)) }
    if let fault = result.unwritten {
      lines += Line(Explanation(fault, in: launch.charset).why, .danger).wrapped(to: width)
    }
    return lines
  }
}
