import Model
import TestSupport
import Testing
import Text

@testable import ReviewAnswering
@testable import ReviewInbox
@testable import ReviewJournal

@Suite("The runner (SEC-4.2, SEC-4.4)")
struct RunnerTests {
  private let now = Span.hours(1)

  private func runner(_ count: Int = 1, pace: Pace = .unlimited) throws -> (Runner, [PlanItem]) {
    let scene = try Scene()
    let writes = try (1...count).map { try scene.plan($0) }
    let items = writes.compactMap { write -> PlanItem? in
      if case .answer(let item) = write { item } else { nil }
    }
    return (Runner(writes, settings: Scene.settings, pace: pace), items)
  }

  private func item() throws -> PlanItem {
    let write = try Scene().plan(1)
    guard case .answer(let item) = write else { throw FixtureError(text: "no answer is planned") }
    return item
  }

  private func caller(_ item: PlanItem) throws -> RunEvent {
    .identified(
      .success(Reply(try Fixture.identity(item.account.text), at: ManualTime.mockup)))
  }

  private func seen(_ item: PlanItem) -> RunEvent {
    .read(.success(Reply(item.seen, at: ManualTime.mockup)))
  }

  /// The shell's reply to an action when everything succeeds.
  private func reply(to action: RunAction, _ items: [PlanItem]) throws -> RunEvent {
    switch action {
    case .wait: return .waited
    case .hold: return .hold(.taken(Events.intentID()))
    case .identify(let account):
      return try caller(try #require(items.first { $0.account == account }))
    case .read(let id, _): return seen(try #require(items.first { $0.id == id }))
    case .readRules: return rules
    case .list: return .listed(.success([]))
    case .journal: return .journalled(nil)
    case .send(.answer(let item)):
      var after = item.seen
      after.state = .accepted
      return .answered(.success(Reply(after, at: ManualTime.mockup)))
    case .send: throw FixtureError(text: "not an answer")
    case .release, .finish: return .released
    }
  }

  private let rules = RunEvent.rulesRead(.rules(SendingRules(trust: TrustList())))

  @Test("locks, identifies, reads, reads the rules, journals the intent, sends, journals the end")
  func order() throws {
    var (runner, items) = try runner()
    let item = items[0]
    let id = Events.intentID()
    #expect(runner.start(at: now).action == .hold(.answer(item)))
    #expect(runner.take(.hold(.taken(id)), at: now).action == .identify(item.account))
    #expect(runner.take(try caller(item), at: now).action == .read(item.id, item.account))
    #expect(runner.take(seen(item), at: now).action == .readRules)
    guard case .journal(.intent(let intent)) = runner.take(rules, at: now).action else {
      Issue.record("no intent")
      return
    }
    #expect(intent.id == id)
    #expect(intent.act == .answer(.accept, item.id, item.fingerprint))
    #expect(intent.reason == Untrusted("CHG-1"))
    #expect(intent.asked == ManualTime.mockup)
    #expect(intent.subject.organization?.text == "o-a1b2c3d4e5")
    #expect(intent.subject.joins)
    #expect(runner.take(.journalled(nil), at: now).action == .send(.answer(item)))
    var after = item.seen
    after.state = .accepted
    let answered = RunEvent.answered(.success(Reply(after, at: ManualTime.mockup)))
    #expect(
      runner.take(answered, at: now).action == .journal(.outcome(id, .done(after.id))))
    let step = runner.take(.journalled(nil), at: now)
    #expect(step.action == .release)
    #expect(step.news == [.ended(0, WriteResult(.done(after, nil)))])
    let last = runner.take(.released, at: now)
    #expect(last.action == .finish)
    let summary = RunSummary(results: [WriteResult(.done(after, nil))], stopped: nil)
    #expect(last.news == [.finished(summary)])
  }

  @Test("a contradictory reply proves nothing")
  func ambiguousReply() throws {
    for fault in Damage.Fault.allCases where fault.isAmbiguous {
      var (runner, items) = try runner()
      let id = Events.intentID()
      _ = runner.start(at: now)
      _ = runner.take(.hold(.taken(id)), at: now)
      _ = runner.take(try caller(items[0]), at: now)
      _ = runner.take(seen(items[0]), at: now)
      _ = runner.take(rules, at: now)
      _ = runner.take(.journalled(nil), at: now)
      var after = items[0].seen
      after.state = .accepted
      after.damage = [Damage(fault, at: "State")]
      let reply = RunEvent.answered(.success(Reply(after, at: ManualTime.mockup)))
      #expect(
        runner.take(reply, at: now).action
          == .journal(.outcome(id, .unknown(.oddReply, closed: false))))
    }
  }

  /// The handshake at the second read, and the runner's result; nil where it sends.
  private static let rereads: [(PreflightFailure?, @Sendable (inout Handshake) -> Void)] = [
    (.damaged, { $0.damage = [Damage(.duplicateKey, at: "Id")] }),
    (
      .changed([Change(.state, before: Untrusted("OPEN"), now: Untrusted("CANCELED"))]),
      { $0.state = .canceled }
    ),
    (
      .changed([Change(.resource([.notes]), before: Untrusted("CHG-4411 move"), now: nil)]),
      { $0.resources.removeLast() }
    ),
    (
      .expiring(ManualTime.mockup + .seconds(30)),
      { $0.expires = ManualTime.mockup + .seconds(30) }
    ),
    (
      .expiring(ManualTime.mockup + .days(6)),
      {
        $0.state = .expired
        $0.requested = nil
      }
    ),
    (.expiring(nil), { $0.expires = nil }),
    (nil, { $0.parties.reverse() }),
  ]

  @Test(
    "a handshake that changed since it was shown is not answered, and the difference is reported")
  func objections() throws {
    for (expected, change) in Self.rereads {
      var (runner, items) = try runner()
      let item = items[0]
      _ = runner.start(at: now)
      _ = runner.take(.hold(.taken(Events.intentID())), at: now)
      _ = runner.take(try caller(item), at: now)
      var reread = item.seen
      change(&reread)
      // An expired one is reported as expired only when it is settled.
      let time =
        reread.state == .expired ? ManualTime.mockup + .days(7) : ManualTime.mockup
      let step = runner.take(.read(.success(Reply(reread, at: time))), at: now)
      if let expected {
        #expect(step.action == .release)
        #expect(step.news == [.ended(0, WriteResult(.heldBack(expected)))])
      } else {
        #expect(step.action == .readRules)
      }
    }
  }

  @Test("credentials of another account send nothing")
  func otherCaller() throws {
    var (runner, items) = try runner()
    _ = runner.start(at: now)
    _ = runner.take(.hold(.taken(Events.intentID())), at: now)
    let other = try Fixture.identity("999999999999")
    let step = runner.take(
      .identified(.success(Reply(other, at: ManualTime.mockup))), at: now)
    #expect(step.news == [.ended(0, WriteResult(.heldBack(.callerChanged(other.account))))])
    #expect(items.count == 1)
  }

  @Test(
    "an account that joined, left or changed its organization since it was staged sends nothing")
  func otherOrganization() throws {
    var item = try item()
    let account = item.account.text
    let joined = try Fixture.identity(account, in: "o-zzzz111122", managedBy: "999988887777")
    let retaken = try Fixture.identity(account, in: "o-zzzz111122", managedBy: "999988886666")
    let standalone = try Fixture.identity(account)
    for (before, now) in [(standalone, joined), (joined, standalone), (joined, retaken)] {
      item.actor = before
      var runner = Runner([.answer(item)], settings: Scene.settings, pace: .unlimited)
      _ = runner.start(at: self.now)
      _ = runner.take(.hold(.taken(Events.intentID())), at: self.now)
      let step = runner.take(
        .identified(.success(Reply(now, at: ManualTime.mockup))), at: self.now)
      let held = PreflightFailure.membershipChanged(now.organization?.id)
      #expect(step.action == .release)
      #expect(step.news == [.ended(0, WriteResult(.heldBack(held)))])
    }
  }

  @Test("an accept that was confirmed while the membership was unknown is held; a decline is not")
  func unknownMembership() throws {
    var item = try item()
    let caller = try #require(item.actor)
    item.actor = nil
    for (answer, isHeld) in [(Answer.accept, true), (.decline, false)] {
      item.answer = answer
      var runner = Runner([.answer(item)], settings: Scene.settings, pace: .unlimited)
      _ = runner.start(at: now)
      _ = runner.take(.hold(.taken(Events.intentID())), at: now)
      let step = runner.take(.identified(.success(Reply(caller, at: ManualTime.mockup))), at: now)
      #expect(step.action == (isHeld ? .release : .read(item.id, item.account)))
    }
  }

  @Test("an account that is still in the organization it was staged in continues")
  func sameOrganization() throws {
    var item = try item()
    item.actor = try Fixture.identity(
      item.account.text, in: "o-zzzz111122", managedBy: "999988887777")
    var runner = Runner([.answer(item)], settings: Scene.settings, pace: .unlimited)
    _ = runner.start(at: now)
    _ = runner.take(.hold(.taken(Events.intentID())), at: now)
    let actor = try #require(item.actor)
    let step = runner.take(.identified(.success(Reply(actor, at: ManualTime.mockup))), at: now)
    #expect(step.action == .read(item.id, item.account))
  }

  @Test("an intent that is not on the disk sends nothing, and stops the rest")
  func noIntent() throws {
    var (runner, items) = try runner(3)
    _ = runner.start(at: now)
    _ = runner.take(.hold(.taken(Events.intentID())), at: now)
    _ = runner.take(try caller(items[0]), at: now)
    _ = runner.take(seen(items[0]), at: now)
    _ = runner.take(rules, at: now)
    let step = runner.take(.journalled(.broken), at: now)
    #expect(step.action == .release)
    let last = runner.take(.released, at: now)
    let results: [WriteOutcome] = [
      .heldBack(.journal(.broken)), .notTried(.journal), .notTried(.journal),
    ]
    #expect(
      last.news == [
        .finished(RunSummary(results: results.map { WriteResult($0) }, stopped: .journal))
      ])
  }

  @Test("after a sleep between reading and sending it reads again")
  func slept() throws {
    var (runner, items) = try runner()
    _ = runner.start(at: now)
    let id = Events.intentID()
    _ = runner.take(.hold(.taken(id)), at: now)
    _ = runner.take(try caller(items[0]), at: now)
    _ = runner.take(seen(items[0]), at: now)
    _ = runner.take(rules, at: now)
    let late = Span.hours(2)
    guard case .journal(.outcome(id, .notSent)) = runner.take(.journalled(nil), at: late).action
    else {
      Issue.record("sent")
      return
    }
    let step = runner.take(.journalled(nil), at: late)
    #expect(step.news == [.ended(0, WriteResult(.heldBack(.stale)))])
  }

  @Test("stopped anywhere before the request, nothing is sent and the intent has an end")
  func stops() throws {
    for stopAt in 1...7 {
      var (runner, items) = try runner(2)
      var actions = [runner.start(at: now).action]
      var news: [RunNews] = []
      while let action = actions.last, action != .finish, actions.count < 40 {
        let stop: StopRequest? = actions.count >= stopAt ? .betweenItems : nil
        let step = runner.take(try reply(to: action, items), at: now, stop: stop)
        actions.append(step.action)
        news += step.news
      }
      try #require(actions.last == .finish, "\(stopAt)")
      #expect(actions.contains(.send(.answer(items[0]))) == (stopAt > 5), "\(stopAt)")
      #expect(!actions.contains(.send(.answer(items[1]))), "\(stopAt)")
      var intents: [IntentID] = []
      var ends: [IntentID] = []
      for action in actions {
        if case .journal(.intent(let intent)) = action { intents.append(intent.id) }
        if case .journal(.outcome(let id, _)) = action { ends.append(id) }
      }
      #expect(intents == ends, "every intent has an end, \(stopAt)")
      guard case .finished(let summary)? = news.last else {
        Issue.record("no summary, \(stopAt)")
        continue
      }
      #expect(summary.stopped == .asked, "\(stopAt)")
      #expect(summary.results.last?.outcome == .notTried(.asked), "\(stopAt)")
    }
  }

  @Test("an unexpected event sends nothing")
  func strayEvents() throws {
    let (fresh, items) = try runner()
    for stray: RunEvent in [.waited, .journalled(nil), .released, seen(items[0]), rules] {
      var runner = fresh
      _ = runner.start(at: now)
      let step = runner.take(stray, at: now)
      #expect(step.action == .release)
    }
  }
}
