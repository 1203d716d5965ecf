import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text

/// The progress of a run, with one line for each answer in the order of sending.
struct SendingScreen: Screen {
  private let progress: ReviewProgress
  private(set) var token: Token?
  let items: [PlanItem]
  /// The accounts' identities before the run.
  private let before: [AccountID: Identity]
  private var stages: [RunNews.Stage?]
  /// The end of the current wait, on the monotonic clock.
  private var waitEnds: Span?
  private var results: [WriteResult?]
  private var focus = 0
  private var isStopping = false
  /// Whether a lone ESC has stopped the run; the Escape key it becomes does not stop it again.
  private var awaitsEscape = false

  /// Creates the run of what was confirmed and nothing else; it begins when the screen is opened.
  init(_ progress: ReviewProgress, _ session: Session) {
    self.progress = progress
    items = progress.current.items
    before = Dictionary(
      uniqueKeysWithValues: Set(items.map(\.account)).compactMap { account in
        session.inbox.identity(account).map { (account, $0) }
      })
    stages = items.map { _ in nil }
    results = items.map { _ in nil }
  }

  private var done: Int { results.count { $0 != nil } }

  var context: KeyContext { .sending }
  var ongoing: Line? { Line("SENDING: \(done) of \(items.count) done", .danger) }

  // The last row has the key that stops: the screen shows a refusal beside it.
  func showsInLastRow(_ notice: Notice) -> Bool { false }

  /// Returns the time at which the countdown of a wait changes to its next second.
  func nextTick(after uptime: Span) -> Span? {
    guard let waitEnds, waitEnds > uptime else { return nil }
    return uptime + Span(milliseconds: max(1, ((waitEnds - uptime).milliseconds - 1) % 1_000 + 1))
  }

  mutating func open(_ session: inout Session) -> [Effect] {
    let token = session.requests.begin(.run)
    self.token = token
    return [.send(token, items, reason: RunSettings.reason(progress.reason))]
  }

  mutating func handle(_ event: ScreenEvent, _ session: inout Session) -> Reaction {
    switch event {
    case .key(.escape) where awaitsEscape: return stop(.betweenItems)
    case .command(.send(.stop)): return stop(isStopping ? .now : .betweenItems)
    case .command(.move(let move)):
      let target = focus + move.distance(page: max(1, session.size.rows / 2))
      focus = min(max(0, target), items.count - 1)
      return .stay
    case .message(.stray(_, let mayBeEscape)):
      // Waiting for the ESC's meaning would let further requests be sent.
      guard mayBeEscape, !isStopping else { return .stay }
      let reaction = stop(.betweenItems)
      awaitsEscape = true
      return reaction
    case .key:
      // The ESC was the beginning of another key.
      awaitsEscape = false
      return .unhandled
    case .message(.terminalLost): return stop(.now)
    case .message(.runTold(let token, let news, _)) where token == self.token:
      return hear(news, token, &session)
    case .command, .message: return .unhandled
    }
  }

  private mutating func stop(_ request: StopRequest) -> Reaction {
    isStopping = true
    awaitsEscape = false
    return .effects(token.map { [.stopSending($0, request)] } ?? [])
  }
}

// MARK: - What the run reports

extension SendingScreen {
  private mutating func hear(
    _ news: RunNews, _ token: Token, _ session: inout Session
  ) -> Reaction {
    switch news {
    case .stage(let index, let stage):
      guard stages.indices.contains(index) else { return .stay }
      stages[index] = stage
      waitEnds =
        if case .waiting(let span, _) = stage { session.uptime + span } else { nil }
      focus = index
    case .ended(let index, let result):
      guard results.indices.contains(index) else { return .stay }
      results[index] = result
      waitEnds = nil
      record(result, of: items[index], &session)
    case .finished(let summary):
      _ = session.requests.end(token)
      return finish(summary, &session)
    }
    return .stay
  }

  /// Records the result of one answer and updates the row in place.
  ///
  /// An answered row leaves the plan, and so does one whose answer failed: to send it again, it has
  /// to be planned and reviewed again.
  private func record(
    _ result: WriteResult, of item: PlanItem, _ session: inout Session
  ) {
    session.answers.last[item.id] = AnswerResult(item: item, result: result, before: nil)
    if result.outcome.leavesPlan { session.plan.unstage(item.id) }
    guard case .done(let handshake?, _) = result.outcome else { return }
    let direction: Query.Direction = item.answer == .cancel ? .sent : .received
    let seen = session.inbox.row(item.id)?.sources.first
    session.inbox.apply(
      Reply(handshake, at: session.now), seenBy: seen ?? SourceKey(item.account, direction),
      uptime: session.uptime)
  }

  private func finish(_ summary: RunSummary, _ session: inout Session) -> Reaction {
    var progress = progress
    let sent = zip(items, summary.results).map { item, result in
      AnswerResult(item: item, result: result, before: before[item.account])
    }
    progress.earlier += sent
    session.answers.sent += sent
    let effects = readAgain(summary, &session)
    guard let cause = summary.stopped else {
      session.notice = nil
      return Reaction(effects: effects, changes: [.open(OutcomeScreen(progress))])
    }
    let outcome = OutcomeScreen(
      entries: progress.earlier, skipped: progress.skipped, stopped: cause)
    return Reaction(effects: effects, changes: [.replace(outcome)])
  }

  /// Reads the accounts' identities, the rows that may have changed, and the journal after a run.
  private func readAgain(_ summary: RunSummary, _ session: inout Session) -> [Effect] {
    let accounts = Set(
      zip(items, summary.results).compactMap { item, result in
        if case .done = result.outcome { item.account } else { nil }
      })
    var effects = accounts.sorted { $0.text < $1.text }.map { account in
      Effect.readIdentity(session.requests.begin(.identity(account)), account)
    }
    // A handshake that was not answered may differ from what is shown.
    for (item, result) in zip(items, summary.results) where result.outcome.wantsReading {
      if let row = session.inbox.row(item.id) {
        effects += session.reread(row, isTold: false)
      }
    }
    return effects + [.readJournal(session.requests.begin(.journal))]
  }
}

extension SendingScreen {
  /// Draws the run over everything but the title.
  func draw(_ session: Session, _ canvas: inout Canvas) {
    let size = canvas.size
    canvas.inside(size.belowTitle) { canvas in
      canvas.clear()
      var rest = canvas.bounds
      let top = rest.takeTop(3)
      let keys = rest.takeBottom(1)
      let explained = rest.takeBottom(min(7, max(min(5, rest.rows / 2), rest.rows / 3)))
      canvas.draw(head(session), from: 0, in: top)
      let lines = rows(session)
      let first = max(0, min(focus - rest.rows + 2, lines.count - rest.rows + 1))
      canvas.draw(
        [columns(session).heading(session.format.lines)] + lines.dropFirst(first), from: 0, in: rest
      )
      canvas.placeCursor(row: rest.row + 1 + focus - first, column: 0)
      canvas.draw(detail(session), from: 0, in: explained)
      let stop =
        isStopping
        ? Line(" Stopping after this request. s again: stop waiting for it too")
        : Line(" s", .key) + Line(" stop after this request   ") + Line("j k", .key)
          + Line(" rows" + (session.size.columns < 70 ? "" : "   Safe to disconnect"))
          + Line(session.size.columns < 110 ? "" : ": outcomes are checked at the next start")
      // What a key was refused for stands beside the key that stops, and never over it.
      let refusal = session.notice.flatMap { $0.kind == .refusal ? Line($0.text, $0.role) : nil }
      let line = refusal.map { Line(" s", .key) + Line(" stop   ") + $0 } ?? stop
      canvas.inside(keys) { canvas in
        canvas.draw(line, row: 0, before: .position(focus + 1, of: items.count))
      }
    }
  }

  private func head(_ session: Session) -> [Line] {
    let count = items.count
    let known = results.compactMap(\.self).map(\.outcome)
    // An unknown outcome may have been applied.
    let unknown = known.count { if case .unknown = $0 { true } else { false } }
    let bad = known.count { !$0.isDone } - unknown
    let width = max(10, min(60, session.size.columns - (unknown > 0 ? 62 : 50)))
    let full = count == 0 ? 0 : width * done / count
    let bar = String(repeating: "#", count: full) + String(repeating: "-", count: width - full)
    let told =
      "  \(done) of \(count) done   \(bad) not applied   "
      + (unknown > 0 ? "\(unknown) unknown   " : "") + "\(count - done) left"
    let reason =
      progress.reason.isEmpty ? "" : session.format.exact(Untrusted(bytes: progress.reason))
    return [
      Line(" Sending  ", .heading) + Line(reason),
      Line(" [\(bar)]") + Line(told),
      Line(
        String(repeating: session.format.lines.horizontal, count: session.size.columns), .border),
    ]
  }

  private enum SentColumn: Hashable, Sendable {
    case number, action, account, organization, result
  }

  private func columns(_ session: Session) -> ColumnLayout<SentColumn> {
    ColumnLayout(
      [
        Column(.number, "  #", width: 3, alignRight: true),
        Column(.action, "ACTION", width: 7),
        Column(.account, "ACCOUNT", width: 24, stretch: 12),
        Column(.organization, "ORGANIZATION", width: 14, stretch: 24, leaves: 1),
        Column(.result, "RESULT", width: 22, stretch: 20),
      ], in: session.size.columns - 1)
  }

  private func rows(_ session: Session) -> [Line] {
    let columns = columns(session)
    let (labels, lines) = (session.labels, session.format.lines)
    return items.indices.map { index in
      let item = items[index]
      let result = results[index].map { $0.line(labels.format) } ?? stageLine(index, session.uptime)
      let row = columns.row(lines) { column in
        switch column {
        case .number: Line("\(index + 1)")
        case .action: Line(item.answer.rawValue)
        case .account: Line(labels.account(item.account))
        case .organization: Line(labels.sender(of: item.seen))
        case .result: result
        }
      }
      let isFocused = index == focus
      return Line(isFocused ? ">" : " ", .focus, bold: isFocused)
        + (isFocused ? row.emboldened : row)
    }
  }

  private func stageLine(_ index: Int, _ uptime: Span) -> Line {
    let left = waitEnds.map { max(.zero, $0 - uptime) } ?? .zero
    guard let stage = stages[index] else { return Line("queued", .quiet) }
    let words = stage.cellWords(waiting: left)
    return switch stage {
    case .waiting(_, .pace): Line(words, .quiet)
    case .waiting(_, .retry), .waiting(_, .reconcile), .reconciling: Line(words, .warning)
    case .checking: Line(words)
    case .sending: Line(words, .warning, bold: true)
    }
  }

  private func detail(_ session: Session) -> [Line] {
    guard let item = items[safe: focus] else { return [] }
    let rule = Line(
      String(repeating: session.format.lines.horizontal, count: session.size.columns), .border)
    guard case .some(let result) = results[safe: focus] ?? nil else {
      return [rule, Line(" \(item.id.text)", .quiet)]
        + inquiryLines(session, width: session.size.columns - 2).map { Line(" ") + $0 }
    }
    return [rule]
      + result.explained(item, in: session.launch.charset, width: session.size.columns - 2).map {
        Line(" ") + $0
      }
  }

  /// Returns why the focused handshake is read again, how often, and when next.
  private func inquiryLines(_ session: Session, width: Int) -> [Line] {
    let left = waitEnds.map { max(.zero, $0 - session.uptime) }
    return switch stages[safe: focus] ?? nil {
    case .waiting(_, .reconcile(let inquiry)), .reconciling(let inquiry):
      Line(inquiry.words(waiting: left, in: session.launch.charset), .warning).wrapped(to: width)
    default: []
    }
  }
}
