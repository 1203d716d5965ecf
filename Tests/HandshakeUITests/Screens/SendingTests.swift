import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import TestSupport
import Testing
import Text

@testable import HandshakeUI

/// The messages while answers are sent, and the rows and the review afterwards (UX-16).
@Suite struct SendingTests {
  private static func refusal(_ exception: ServiceException) -> BackendError {
    BackendError(
      .service(exception, reason: nil, message: Untrusted("no")), in: .declineHandshake,
      applied: .refused)
  }

  /// Stages a decline of the second row and sends it; the run is told by the test.
  private func sending(columns: Int = 80, rows: Int = 24) async throws -> (Interface, Token) {
    let stage = try await Stage.open(columns: columns, rows: rows)
    var state = stage.interface
    let row = try #require(state.inbox.row(1, in: .inbox))
    _ = state.session.stage(.decline, row)
    let sheet = ReviewSheet(state.plan, in: state.inbox)
    var screen = SendingScreen(ReviewProgress(sheet: sheet, step: 0), state.session)
    let effects = screen.open(&state.session)
    state.navigation.dialog = screen
    guard case .send(let token, _, _)? = effects.first else {
      throw FixtureError(text: "nothing is sent")
    }
    return (state, token)
  }

  private func cells(_ state: Interface, _ row: Row) -> RowCells {
    RowCells(session: state.session, labels: state.session.labels, row: row, tab: state.tab)
  }

  private func text(_ state: Interface) -> String {
    let frame = view(state)
    return (0..<frame.size.rows).map { frame.text(row: $0) }.joined(separator: "\n")
  }

  @Test(
    "after a lost reply the screen shows cause, attempt and a countdown",
    arguments: [(60, 16), (80, 24), (120, 40), (200, 50)])
  func countdown(columns: Int, rows: Int) async throws {
    var (state, token) = try await sending(columns: columns, rows: rows)
    let lost = BackendError(
      .transport(Untrusted("connection reset")), in: .declineHandshake, applied: .unknown)
    let inquiry = Inquiry(
      .doubt(.replyLost, lost), reading: 3, limit: 6, found: .notApplied(.open))
    let start = state.uptime
    _ = update(
      &state, .runTold(token, .stage(0, .waiting(.seconds(8), .reconcile(inquiry))), at: start))
    let words = text(state).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("checking 3/6, in 8 s"))
    #expect(words.contains("checking the outcome (try 3 of 6, next in 8 s)"))
    #expect(words.contains("no reply to DeclineHandshake: connection reset"))
    #expect(words.contains("still OPEN"))
    // It counts down by itself.
    let tick = try #require(state.nextTick)
    #expect(tick > start && tick <= start + .seconds(1))
    _ = update(&state, .ticked(at: start + .seconds(5)))
    #expect(text(state).contains("next in 3 s") || text(state).contains("in 3 s"))
    _ = update(&state, .runTold(token, .stage(0, .reconciling(inquiry)), at: start + .seconds(8)))
    #expect(text(state).contains("checking 3/6"))
  }

  @Test(
    "while sending, a key without an effect says so, and the position is shown",
    arguments: [(60, 16), (80, 24), (120, 40), (200, 50)])
  func unboundKey(columns: Int, rows: Int) async throws {
    var (state, _) = try await sending(columns: columns, rows: rows)
    #expect(text(state).split(separator: "\n").last?.hasSuffix("1/1 ") == true, "\(text(state))")
    _ = update(&state, .key(.character("x"), at: state.uptime + .seconds(1)))
    #expect(text(state).split(separator: "\n").last?.contains("x: not used here") == true)
    _ = update(&state, .key(.character("j"), at: state.uptime + .seconds(1)))
    #expect(text(state).split(separator: "\n").last?.contains("stop after this request") == true)
  }

  @Test("results that are longer than the screen show the scroll position")
  func position() async throws {
    var (state, token) = try await sending(columns: 60, rows: 16)
    let result = WriteResult(.refused(Self.refusal(.accessDenied)))
    _ = update(
      &state,
      .runTold(token, .finished(RunSummary(results: [result], stopped: nil)), at: state.uptime))
    guard var outcome = state.dialog as? OutcomeScreen else {
      throw FixtureError(text: "no results are shown")
    }
    outcome.entries = Array(repeating: outcome.entries[0], count: 6)
    state.navigation.dialog = outcome
    let count = outcome.lines(state.session).count
    try #require(count > 13)
    func last() -> Substring? { text(state).split(separator: "\n").last }
    #expect(last()?.contains("13/\(count)") == true, "\(text(state))")
    _ = update(&state, .key(.end, at: state.uptime + .seconds(1)))
    #expect(last()?.contains("\(count)/\(count)") == true, "\(text(state))")
  }

  /// The mark of a row after each kind of result, and whether it is still planned.
  private static let outcomes: [(WriteOutcome, String, isPlanned: Bool)] = [
    (.refused(refusal(.accessDenied)), "F", false),
    (.refused(refusal(.concurrentModification), now: .open), "F", false),
    (.notSent(refusal(.accessDenied)), "F", false),
    (.notApplied(.open), "F", false),
    (.heldBack(.damaged), "H", false),
    (.heldBack(.heldElsewhere), "H", false),
    (.heldBack(.openIntent(IntentID(from: SeededBytes()))), "?", true),
    (.unknown(.replyLost, IntentID(from: SeededBytes())), "?", true),
    (.notTried(.asked), "D", true),
  ]

  @Test("refused, failed, held and unknown rows have different marks; failed ones are unplanned")
  func marks() async throws {
    for (outcome, mark, isPlanned) in Self.outcomes {
      var (state, token) = try await sending()
      let id = try #require(state.plan.items.first?.id)
      let result = WriteResult(outcome)
      if outcome.applied != .notSent || mark != "D" {
        _ = update(&state, .runTold(token, .ended(0, result), at: state.uptime))
      }
      let summary = RunSummary(results: [result], stopped: nil)
      _ = update(&state, .runTold(token, .finished(summary), at: state.uptime))
      #expect((state.plan[id] != nil) == isPlanned, "\(outcome)")
      let row = try #require(state.inbox.row(id))
      #expect(cells(state, row).cell(.plan).text == mark, "\(outcome)")
      guard mark == "F" || mark == "H" else { continue }
      _ = update(&state, .key(.escape, at: state.uptime))
      let facts = HandshakeFacts(session: state.session, row: row).lines(columns: 80).map(\.text)
      #expect(facts.contains { $0.hasPrefix("\(mark) ") }, "\(outcome)")
    }
  }

  @Test("a result is counted by its kind")
  func tally() async throws {
    var (state, token) = try await sending()
    let result = WriteResult(.refused(Self.refusal(.accessDenied)))
    _ = update(
      &state, .runTold(token, .finished(RunSummary(results: [result])), at: state.uptime))
    #expect(text(state).contains("RESULT  1 refused"))
  }

  @Test("a row with an unresolved attempt is disabled in the review, with the attempt")
  func barred() async throws {
    var stage = try await Stage.open(columns: 120, rows: 40)
    let row = try #require(stage.interface.inbox.row(1, in: .inbox))
    let id = try #require(row.id)
    let account = try #require(row.askedAccount)
    let intent = JournalIntent(
      id: IntentID(from: SeededBytes()),
      act: .answer(.decline, id, Fingerprint(of: row.handshake, for: account, at: Stage.place)),
      account: account, caller: Untrusted("arn"), place: Stage.place, reason: nil, attempt: 1,
      asked: ManualTime.mockup)
    try stage.player.interpreter.journal.append(.intent(intent))
    try stage.player.interpreter.journal.append(
      .outcome(intent.id, .unknown(.replyLost, closed: false)))
    try await stage.press("5r1jdjdC<Wait:1s>")
    #expect(stage.shows("BARRED, NOT SENT: 1"))
    #expect(stage.shows(intent.id.text))
    #expect(stage.shows("Type decline 1"))
    try await stage.press("<PgDn>decline 1<Enter><Wait:6s>")
    #expect(stage.world.answers(to: id) == 0)
    #expect(stage.world.answers == 1)
    // Alone in the plan, it cannot be sent at all.
    try await stage.press("<Esc>C<Wait:1s>")
    #expect(stage.shows("NOTHING CAN BE SENT"))
    #expect(stage.shows(intent.id.text))
  }

  @Test("the results of the first part are shown before the separate confirmations begin")
  func resultsFirst() async throws {
    var stage = try await Stage.open(columns: 120, rows: 40)
    // A decline, and an accept of an unknown organization.
    try await stage.press("ajdC<Wait:1s><PgDn><Tab>CHG-1<Enter>decline 1<Enter><Wait:6s>")
    #expect(stage.world.answers == 1)
    #expect(stage.shows("RESULT  1 declined"))
    #expect(stage.shows("C go on: 1 to confirm separately"))
    #expect(!stage.shows("Expected organization"))
    try await stage.press("C<Wait:1s>")
    #expect(stage.shows("Expected organization"))
    try await stage.press("<Esc>")
    #expect(stage.shows("RESULT  1 declined"))
    #expect(stage.interface.plan.items.count == 1)
  }

  @Test("a separate confirmation can be skipped without cancelling the rest")
  func skip() async throws {
    var stage = try await Stage.open(columns: 120, rows: 40)
    // Two accepts of unknown organizations: acme-prod's and research-1's.
    try await stage.press("aC<Wait:1s>")
    #expect(!stage.shows("C-x"))
    try await stage.press("<Esc>jjjjaC<Wait:1s>")
    #expect(stage.interface.plan.items.count == 2)
    #expect(stage.shows("1 of 2"))
    #expect(stage.shows("C-x skip this one"))
    try await stage.press("<C-x><Wait:1s>")
    #expect(stage.shows("2 of 2"))
    try await stage.press(
      "<PgDn><PgDn><Tab>CHG-1<Enter>o-lab0lab1la<Enter><PgDn><PgDn>kq<Enter><Wait:6s>")
    #expect(stage.world.answers == 1)
    #expect(stage.shows("1 accepted, 1 skipped"))
    #expect(stage.interface.plan.items.count == 1)
  }
}
