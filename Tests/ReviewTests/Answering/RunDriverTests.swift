import Model
import ReviewAnswering
import ReviewJournal
import TestSupport
import Testing
import Text

@Suite("A run")
struct RunDriverTests {
  /// The first write has this result, everything else succeeds.
  private static func firstWrite(
    _ fate: TruthService.Fate, times: Int = 1
  ) -> @Sendable (Int, Model.Operation) -> TruthService.Fate {
    let writes = Heard<Int>()
    return { call, operation in
      guard operation == .acceptHandshake else { return .answered }
      writes.hear(call)
      return writes.all.count <= times ? fate : .answered
    }
  }

  @Test("sends in order, reports each, and journals two lines each")
  func plain() async throws {
    let scene = try Scene()
    let writes = [
      try scene.plan(1, .decline), try scene.plan(2, .cancel), try scene.plan(3),
    ]
    let heard = Heard<RunNews>()
    let summary = await scene.run(writes) { heard.hear($0) }
    for (write, state) in zip(writes, [HandshakeState.declined, .canceled, .accepted]) {
      #expect(scene.service[try write.id]?.state == state)
    }
    #expect(summary.stopped == nil)
    #expect(try scene.kinds() == ["INTENT", "DONE", "INTENT", "DONE", "INTENT", "DONE"])
    #expect(
      heard.all.filter { if case .stage(_, .sending) = $0 { true } else { false } }.count == 3)
    #expect(heard.all.last == .finished(summary))
    #expect(scene.file.held.isEmpty)
    #expect(try scene.journal.read().firstBad == nil)
  }

  @Test("a refusal does not stop the rest")
  func refusal() async throws {
    let scene = try Scene(fate: Self.firstWrite(.refused(.accessDenied)))
    let summary = await scene.run([try scene.plan(1), try scene.plan(2)])
    #expect(summary.results.map(\.outcome.applied) == [.refused, nil])
    #expect(try scene.kinds() == ["INTENT", "REFUSED", "INTENT", "DONE"])
  }

  @Test("an applied accept whose reply was lost is found by reading, and sent once")
  func lostReply() async throws {
    let scene = try Scene(fate: Self.firstWrite(.lost(applied: true)))
    let writes = [try scene.plan(1), try scene.plan(2)]
    let summary = await scene.run(writes)
    #expect(
      summary.results[0].outcome == .done(scene.service[try writes[0].id], .handshake))
    #expect(summary.stopped == nil)
    #expect(try scene.kinds() == ["INTENT", "UNKNOWN reply-lost", "DONE_LATER", "INTENT", "DONE"])
    #expect(scene.service.calls.filter { $0 == .acceptHandshake }.count == 2)
  }

  @Test("an accept that was not applied after a minute is not sent again, and stops the rest")
  func lostRequest() async throws {
    let scene = try Scene(fate: Self.firstWrite(.lost(applied: false)))
    let writes = [try scene.plan(1), try scene.plan(2), try scene.plan(3)]
    let summary = await scene.run(writes)
    #expect(
      summary.results.map(\.outcome)
        == [
          .notApplied(.open, after: .doubt(.replyLost, Self.lost)), .notTried(.unknownOutcome),
          .notTried(.unknownOutcome),
        ])
    #expect(summary.results[0].outcome.applied == .refused)
    #expect(summary.stopped == .unknownOutcome)
    #expect(
      try scene.kinds() == [
        "INTENT", "UNKNOWN reply-lost", "NOT_APPLIED_SO_FAR", "STOPPED unknown-outcome 2",
      ])
    #expect(scene.service.calls.filter { $0 == .acceptHandshake }.count == 1)
    #expect(scene.time.uptime() >= .hours(1) + 60)
  }

  @Test("a reply about another handshake, or that it is already accepted, is followed by reads")
  func oddReplies() async throws {
    for (fate, doubt) in [
      (TruthService.Fate.odd, "odd-reply"), (.refused(.handshakeAlreadyInState), "concurrent"),
    ] {
      let scene = try Scene(fate: Self.firstWrite(fate))
      let summary = await scene.run([try scene.plan(1)])
      #expect(
        try scene.kinds() == [
          "INTENT", "UNKNOWN \(doubt)", fate == .odd ? "DONE_LATER" : "NOT_APPLIED_SO_FAR",
        ])
      #expect(summary.results[0].outcome.applied == (fate == .odd ? nil : .refused))
    }
  }

  private static let lost = BackendError(
    .transport(Untrusted("a fault of the test")), in: .acceptHandshake, applied: .unknown)

  @Test("throttled, it reads again, waits and makes a new attempt, three times at most")
  func throttled() async throws {
    for times in 1...4 {
      let scene = try Scene(fate: Self.firstWrite(.refused(.tooManyRequests), times: times))
      let summary = await scene.run([try scene.plan(1)], pace: .unlimited)
      let refusals = min(times, 3)
      var kinds = Array(repeating: ["INTENT", "REFUSED"], count: refusals).flatMap(\.self)
      if times < 3 { kinds += ["INTENT", "DONE"] }
      #expect(try scene.kinds() == kinds)
      #expect((summary.results[0].outcome.applied == nil) == (times < 3))
      let reads = scene.service.calls.filter { $0 == .describeHandshake }.count
      #expect(reads == scene.service.calls.filter { $0 == .acceptHandshake }.count)
    }
  }

  @Test("an answer that was never sent is tried again three times, and reported after that")
  func notSent() async throws {
    for times in [1, 3, 4, 9] {
      let scene = try Scene(fate: Self.firstWrite(.notSent, times: times))
      let summary = await scene.run([try scene.plan(1)])
      let left = min(times, 4)
      var kinds = Array(repeating: ["INTENT", "NOT_SENT"], count: left).flatMap(\.self)
      if times < 4 { kinds += ["INTENT", "DONE"] }
      #expect(try scene.kinds() == kinds)
      #expect((summary.results[0].outcome.applied == .notSent) == (times >= 4))
    }
  }

  @Test("without a code or a login it is not retried: the operator would be asked again")
  func noCredentials() async throws {
    let scene = try Scene(fate: Self.firstWrite(.unsigned, times: 1))
    let summary = await scene.run([try scene.plan(1)])
    #expect(try scene.kinds() == ["INTENT", "NOT_SENT"])
    #expect(summary.results[0].outcome.applied == .notSent)
  }

  @Test("keeps to the service's rates")
  func pace() async throws {
    let scene = try Scene()
    let writes = try (1...10).map { try scene.plan($0, .cancel) }
    let start = scene.time.uptime()
    let summary = await scene.run(writes)
    #expect(summary.stopped == nil)
    // One account reads one handshake a second, after a burst of two.
    let seconds = (scene.time.uptime().milliseconds - start.milliseconds) / 1_000
    #expect((8...9).contains(seconds))
  }

  @Test("stops between two items, and names those not tried")
  func stop() async throws {
    let scene = try Scene()
    let writes = try (1...4).map { try scene.plan($0) }
    let stop = StopFlag()
    let summary = await scene.run(writes, stop: stop) { news in
      if case .ended(1, _) = news { stop.raise(.betweenItems) }
    }
    #expect(summary.stopped == .asked)
    #expect(summary.results.map { $0.outcome.applied == nil } == [true, true, false, false])
    #expect(try scene.kinds().last == "STOPPED asked 2")
    #expect(scene.service.calls.filter { $0 == .acceptHandshake }.count == 2)
  }

  @Test("stopped immediately, it leaves an unknown result for the next start")
  func stopNow() async throws {
    let scene = try Scene(fate: Self.firstWrite(.lost(applied: true)))
    let writes = [try scene.plan(1), try scene.plan(2)]
    let stop = StopFlag()
    let summary = await scene.run(writes, stop: stop) { news in
      if case .stage(_, .waiting(_, .reconcile)) = news { stop.raise(.now) }
    }
    #expect(summary.results[1].outcome == .notTried(.unknownOutcome))
    let open = try scene.journal.openIntents().map(\.intent.id)
    let again = await scene.run([writes[0]])
    #expect(open.map { .heldBack(.openIntent($0)) } == again.results.map(\.outcome))
    let findings = try await scene.reconciler.reconcile()
    #expect(findings.map(\.outcome) == [.doneLater(.handshake, nil)])
    #expect(try scene.journal.openIntents().isEmpty)
  }

  @Test("an account that another program uses is skipped")
  func heldElsewhere() async throws {
    let scene = try Scene()
    let write = try scene.plan(1)
    let hold = scene.file.hold(.account(write.account.text))
    let summary = await scene.run([write])
    #expect(summary.results[0].outcome == .heldBack(.heldElsewhere))
    hold?.release()
    let again = await scene.run([write])
    #expect(again.results[0].outcome.applied == nil)
  }

  @Test("an invitation is processed the same way: journalled, sent once, found by listing")
  func invitation() async throws {
    for lost in [false, true] {
      let scene = try Scene(fate: { _, operation in
        operation == .inviteAccountToOrganization && lost ? .lost(applied: true) : .answered
      })
      let account = try Fixture.account("999900001111")
      scene.service.put(try Fixture.identity(account.text, in: "o-a1b2c3d4e5"))
      let invitation = Invitation(to: .account(Untrusted("222233334444")))
      let summary = await scene.run([
        .invite(invitation, account, into: try Fixture.organization("o-a1b2c3d4e5"))
      ])
      #expect(summary.results[0].outcome.applied == nil)
      #expect(scene.service.invitations.count == 1)
      #expect(
        try scene.kinds()
          == (lost ? ["INTENT", "UNKNOWN reply-lost", "DONE_LATER"] : ["INTENT", "DONE"]))
    }
  }
}

extension Span {
  fileprivate static func + (span: Span, seconds: Int64) -> Span {
    Span(milliseconds: span.milliseconds + seconds * 1_000)
  }
}
