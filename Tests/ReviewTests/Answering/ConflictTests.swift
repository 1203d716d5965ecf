import Model
import ReviewAnswering
import ReviewJournal
import ReviewWording
import TestSupport
import Testing
import Text

@Suite("A request refused because of a concurrent change (DOM-10.3)")
struct ConflictTests {
  /// The first accept is refused in this way; then the handshake is in this state, or cannot be
  /// read.
  private func run(
    _ state: HandshakeState?, count: Int = 1, stop: StopRequest? = nil
  ) async throws -> (scene: Scene, summary: RunSummary, news: [RunNews], took: Int64) {
    let accepts = Heard<Int>()
    let scene = try Scene(fate: { call, operation in
      if operation == .acceptHandshake {
        accepts.hear(call)
        return accepts.all.count == 1 ? .refused(.concurrentModification) : .answered
      }
      guard operation == .describeHandshake, accepts.all.count == 1 else { return .answered }
      return state == nil ? .refused(.service) : .answered
    })
    let writes = try (1...count).map { try scene.plan($0) }
    let flag = StopFlag()
    let heard = Heard<RunNews>()
    let id = try writes[0].id
    let service = scene.service
    let start = scene.time.uptime()
    let summary = await scene.run(writes, stop: flag, pace: .unlimited) { news in
      heard.hear(news)
      guard case .stage(0, .waiting(_, .reconcile)) = news else { return }
      if let stop { flag.raise(stop) }
      if let state, var now = service[id] {
        now.state = state
        service.put(now)
      }
    }
    let took = (scene.time.uptime() - start).milliseconds / 1_000
    return (scene, summary, heard.all, took)
  }

  @Test("is a refusal: read twice within 5 s, its cause named, no unknown result in the journal")
  func stillOpen() async throws {
    let (scene, summary, news, took) = try await run(.open, count: 2)
    guard case .refused(let error, now: .open) = summary.results[0].outcome else {
      Issue.record("\(summary.results[0].outcome)")
      return
    }
    #expect(error.exception == .concurrentModification)
    #expect(summary.results[0].outcome.applied == .refused)
    // The remaining answers are sent.
    #expect(summary.stopped == nil)
    #expect(summary.results[1].outcome.applied == nil)
    #expect(try scene.kinds() == ["INTENT", "REFUSED", "INTENT", "DONE"])
    #expect(took <= 5)
    let readings = news.compactMap { item -> Inquiry? in
      if case .stage(0, .reconciling(let inquiry)) = item { inquiry } else { nil }
    }
    #expect(readings.map(\.reading) == [1, 2])
    #expect(readings.allSatisfy { $0.cause == .conflict(error) && $0.limit == 2 })
    let item = summary.results[0].outcome
    let words = Explanation(item, of: try scene.plan(1), in: .utf8)
    #expect(words.why.contains("ConcurrentModificationException"))
    #expect(words.why.contains("still OPEN"))
  }

  @Test(
    "if the handshake is found accepted, the result is done; if closed otherwise, it stays a refusal"
  )
  func settledMeanwhile() async throws {
    let (done, doneSummary, _, _) = try await run(.accepted)
    guard case .done(_, .handshake) = doneSummary.results[0].outcome else {
      Issue.record("\(doneSummary.results[0].outcome)")
      return
    }
    #expect(try done.kinds() == ["INTENT", "REFUSED", "DONE_LATER"])
    let (other, otherSummary, _, took) = try await run(.canceled)
    guard case .refused(_, now: .canceled) = otherSummary.results[0].outcome else {
      Issue.record("\(otherSummary.results[0].outcome)")
      return
    }
    #expect(took == 1)
    #expect(try other.kinds() == ["INTENT", "REFUSED"])
  }

  @Test("if it cannot be read afterwards it is a refusal all the same")
  func unreadable() async throws {
    let (scene, summary, _, took) = try await run(nil)
    guard case .refused(_, now: nil) = summary.results[0].outcome else {
      Issue.record("\(summary.results[0].outcome)")
      return
    }
    #expect(took <= 5)
    #expect(try scene.journal.openIntents().isEmpty)
  }

  @Test("a stop ends the reads at once", arguments: [StopRequest.betweenItems, .now])
  func stopped(_ stop: StopRequest) async throws {
    let (scene, summary, _, _) = try await run(.open, stop: stop)
    #expect(summary.results[0].outcome.applied == .refused)
    #expect(scene.service.calls.filter { $0 == .describeHandshake }.count <= 2)
    #expect(try scene.journal.openIntents().isEmpty)
  }

  @Test("after a lost reply, each read is reported with its cause, its number and its wait")
  func lostReply() async throws {
    let scene = try Scene(fate: { _, operation in
      operation == .acceptHandshake ? .lost(applied: false) : .answered
    })
    let heard = Heard<RunNews>()
    _ = await scene.run([try scene.plan(1)]) { heard.hear($0) }
    let waits = heard.all.compactMap { item -> String? in
      guard case .stage(_, .waiting(let span, .reconcile(let inquiry))) = item else { return nil }
      return inquiry.words(waiting: span, in: .utf8)
    }
    #expect(waits.count == 6)
    #expect(
      waits[0]
        == "checking the outcome (try 1 of 6, next in 1 s): no reply to AcceptHandshake: a fault of the test"
    )
    #expect(waits[4].hasPrefix("checking the outcome (try 5 of 6, next in 15 s)"))
    #expect(waits[4].hasSuffix("last reading: still OPEN"))
  }
}
