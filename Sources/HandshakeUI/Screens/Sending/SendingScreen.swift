import Drawing
import Model
import Review
import Text

/// What is under way: one line for each item, in the order of sending.
struct SendingScreen: Equatable, Sendable {
  var review: ReviewDialog
  let token: Token
  let items: [PlanItem]
  let since: Span
  /// Who each account was before.
  let before: [AccountID: Identity]
  var stages: [RunNews.Stage?]
  /// When the wait that is under way ends, on the monotonic clock.
  var waitEnds: Span?
  var results: [ErrandResult?]
  var focus = 0
  var isStopping = false
  /// An ESC stopped it before it was known to be the Escape key; that key does not stop it once more.
  var awaitsEscape = false

  var done: Int { results.count { $0 != nil } }

  /// When the countdown of a wait shows its next second.
  func nextTick(after uptime: Span) -> Span? {
    guard let waitEnds, waitEnds > uptime else { return nil }
    return uptime + Span(milliseconds: max(1, ((waitEnds - uptime).milliseconds - 1) % 1_000 + 1))
  }
}

extension State {
  /// Sends what was confirmed and nothing else.
  mutating func send(_ review: ReviewDialog) -> [Effect] {
    let items = review.current.items
    let reason = String(decoding: review.reason, as: UTF8.self)
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
    let isBlank = reason.allSatisfy { $0 == " " }
    return [.send(token, items, reason: isBlank ? nil : Untrusted(bytes: review.reason))]
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

  /// A row that was answered changes in place. It leaves the plan, and so does one whose answer failed:
  /// what is sent again is staged and reviewed again.
  private mutating func took(_ item: PlanItem, _ result: ErrandResult) {
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
    deeds += review.earlier.suffix(sending.items.count)
    let readAgain = readAfterRun(summary, sending)
    guard summary.stopped == nil else {
      dialog = .outcome(
        OutcomeScreen(
          entries: review.earlier, skipped: review.skipped, stopped: summary.stopped))
      return readAgain
    }
    return readAgain + showResults(of: review)
  }

  /// Who the accounts are now, what the rows and the journal say now.
  private mutating func readAfterRun(_ summary: RunSummary, _ sending: SendingScreen) -> [Effect] {
    let accounts = Set(
      zip(sending.items, summary.results).compactMap { item, result in
        if case .done = result.outcome { item.account } else { nil }
      })
    let identities = accounts.sorted { $0.text < $1.text }.map { account in
      Effect.readIdentity(requests.begin(.identity(account)), account)
    }
    // What was not done may not be as it is shown.
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

  /// Stops between two items for an ESC whose meaning is open: requests would go on leaving until its time
  /// is up.
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

extension ErrandOutcome {
  /// Whether the row is not planned any more: it was answered, or its answer failed. One that was not
  /// tried stays, and so does one whose outcome is not known: the review bars it.
  var leavesPlan: Bool {
    switch self {
    case .done, .refused, .notSent, .notApplied: true
    case .heldBack(.openIntent), .unknown, .notTried: false
    case .heldBack: true
    }
  }

  /// Whether the handshake may not be as the screen shows it.
  fileprivate var wantsReading: Bool {
    switch self {
    case .refused, .notApplied, .heldBack(.changed), .heldBack(.settled), .heldBack(.expiring): true
    case .done, .notSent, .heldBack, .unknown, .notTried: false
    }
  }
}
