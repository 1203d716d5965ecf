import Model
import TestSupport
import Testing
import Text

@testable import ReviewAnswering
@testable import ReviewJournal

@Suite("Conclusions from a reply to a request (SEC-4.4)")
struct VerdictTests {
  private enum Expected { case done, notSent, throttled, refused, conflict, lost, odd, concurrent }

  private func write(_ answer: Answer = .accept) throws -> WriteRequest {
    let handshake = try InvitationFixture().make()
    let account = try Fixture.account("222233334444")
    return .answer(
      PlanItem(
        id: try Fixture.handshake(InvitationFixture().id), answer: answer, account: account,
        seen: handshake, fingerprint: Fingerprint(of: handshake, for: account, at: Events.place)))
  }

  private func matches(_ verdict: Verdict, _ expected: Expected) -> Bool {
    switch (verdict, expected) {
    case (.done, .done), (.notSent, .notSent), (.throttled, .throttled), (.refused, .refused),
      (.conflict, .conflict), (.unknown(.replyLost, _), .lost), (.unknown(.oddReply, _), .odd),
      (.unknown(.concurrent, _), .concurrent):
      true
    default: false
    }
  }

  @Test("a handshake in the requested state is done; any other reply proves nothing")
  func replies() throws {
    for answer in Answer.allCases {
      for state in HandshakeState.allKnown + [.unknown(Untrusted("LOST"))] {
        var fixture = InvitationFixture()
        fixture.state = state
        let reply = Reply(try fixture.make(), at: ManualTime.mockup)
        let expected: Expected = state == answer.target ? .done : .odd
        #expect(matches(Verdict(.success(reply), to: try write(answer)), expected))
      }
    }
    var other = InvitationFixture()
    other.id = "h-00000000"
    other.state = .accepted
    let reply = Reply(try other.make(), at: ManualTime.mockup)
    #expect(matches(Verdict(.success(reply), to: try write()), .odd))
  }

  @Test("the JSON member and the exit status of an outcome agree")
  func statuses() {
    for state in [HandshakeState.open, .canceled, nil] {
      let result = WriteResult(.notApplied(state))
      #expect(result.outcome.applied == .refused && result.status == .failed)
    }
  }

  @Test("each kind of failure has its row of the table")
  func failures() throws {
    typealias Failure = BackendError.Failure
    let text = Untrusted("x")
    func service(_ exception: ServiceException) -> Failure {
      .service(exception, reason: nil, message: text)
    }
    let table: [(Failure, BackendError.Applied, Expected)] = [
      (.transport(text), .notSent, .notSent), (.transport(text), .unknown, .lost),
      (.cancelled, .notSent, .notSent), (.cancelled, .unknown, .lost),
      (.unreadable(text), .unknown, .lost), (.store(text), .notSent, .notSent),
      (.store(text), .unknown, .lost),
      (service(.tooManyRequests), .refused, .throttled),
      (service(.handshakeAlreadyInState), .refused, .concurrent),
      (service(.concurrentModification), .refused, .conflict),
      (service(.concurrentModification), .unknown, .lost),
      (service(.service), .unknown, .lost), (service(.service), .refused, .refused),
      (service(.accessDenied), .refused, .refused),
      (service(.handshakeNotFound), .refused, .refused),
      (service(.invalidHandshakeTransition), .refused, .refused),
      (service(.handshakeConstraintViolation), .refused, .refused),
      (service(.constraintViolation), .refused, .refused),
      (service(.expiredToken), .refused, .refused), (service(.unknown(text)), .refused, .refused),
      (service(.unknown(text)), .unknown, .lost),
    ]
    for (failure, applied, expected) in table {
      let error = BackendError(failure, in: .acceptHandshake, applied: applied)
      #expect(matches(Verdict(.failure(error), to: try write()), expected), "\(failure)")
    }
  }

  @Test("the journal keeps the start of a server's long message, and all of its codes")
  func longMessage() throws {
    let error = BackendError(
      .service(
        .handshakeConstraintViolation, reason: .pastDueInvoice,
        message: Untrusted(String(repeating: "é", count: 5_000))),
      in: .acceptHandshake, applied: .refused, requestID: Untrusted("r-1"))
    guard case .refused(let refusal) = Verdict(.failure(error), to: try write()).outcome else {
      Issue.record("not a refusal")
      return
    }
    #expect(refusal.message.bytes.count == 2_000)
    #expect(refusal.code == Untrusted("HandshakeConstraintViolationException"))
    #expect(refusal.reason == Untrusted("PAST_DUE_INVOICE"))
    #expect(refusal.requestID == Untrusted("r-1"))
  }
}
