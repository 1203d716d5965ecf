import Model
import TestSupport
import Testing
import Text
import Wire

@testable import AWSBackend

@Suite("The parts of the client")
struct ClientPartTests {
  @Test(
    "reads only the date of a reply",
    arguments: [
      ("Sun, 22 Nov 2026 14:32:10 GMT", "2026-11-22T14:32:10.000Z"),
      ("Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T00:00:00.000Z"),
      ("Sun, 2 Jan 2000 20:34:56.456 GMT", "2000-01-02T20:34:56.456Z"),
      ("Sun, 22 Nov 2026 14:32:10 CET", nil), ("Sun, 31 Feb 2026 14:32:10 GMT", nil),
      ("2026-11-22T14:32:10Z", nil), ("", nil), ("Sun, 22 Nov 20260 14:32:10 GMT", nil),
      ("Sun, 022 Nov 2026 14:32:10 GMT", nil), ("Sun, 22 Nov 2026 14:32:10 GMT ü", nil),
    ] as [(String, String?)])
  func dates(_ text: String, _ expected: String?) {
    #expect(HTTPDate.read(Untrusted(text))?.journalText == expected)
  }

  @Test("backoff grows from 50 milliseconds to 20 seconds, with jitter")
  func waits() {
    let strategy = RetryStrategy(maxAttempts: 100)
    let whole = (1...12).map { attempt in
      strategy.decide(
        after: attempt, .throttling, retryAfter: nil, quota: RetryQuota(), jitter: 1)
    }
    #expect(
      Array(whole[..<6])
        == [1, 2, 4, 8, 16, 20].map { .retry(after: .seconds($0), cost: 5) })
    #expect(whole.suffix(6).allSatisfy { $0 == .retry(after: .seconds(20), cost: 5) })
    let some = strategy.decide(
      after: 1, .transient, retryAfter: nil, quota: RetryQuota(), jitter: 0.5)
    #expect(some == .retry(after: Span(milliseconds: 25), cost: 14))
  }

  @Test(
    "the service's retry delay is milliseconds in digits, or is ignored",
    arguments: [
      ("1500", 1_500), ("0", 0), ("-1", nil), ("1.5", nil), ("", nil), ("١٥", nil),
      ("99999999999999999999", 3_600_000), ("31536000000", 3_600_000),
      ("Wed, 21 Oct 2026 07:28:00 GMT", nil),
    ] as [(String, Int64?)])
  func retryAfter(_ text: String, _ milliseconds: Int64?) {
    #expect(RetryStrategy.milliseconds(Untrusted(text))?.milliseconds == milliseconds)
  }

  @Test("random fractions are uniform")
  func chance() {
    let random = SeededBytes(seed: 5)
    let fractions = (0..<10_000).map { _ in random.fraction() }
    #expect(fractions.allSatisfy { (0..<1).contains($0) })
    #expect((0.48...0.52).contains(fractions.reduce(0, +) / 10_000))
  }

  @Test("a skew of more than a day is not applied, and is reported once for each server")
  func largeSkew() {
    let memory = SkewMemory()
    let now = ManualTime.mockup
    func learn(_ date: String, _ host: String) -> CallEvent.Clock? {
      memory.learn(
        from: HTTPResponse(status: 200, headers: [(name: "date", value: Untrusted(date))]),
        of: host, received: now, trip: .zero)
    }
    let far = learn("Wed, 25 Nov 2026 14:32:10 GMT", "a")
    #expect(far == CallEvent.Clock(host: "a", ahead: .days(3), isFollowed: false))
    #expect(memory.skew(of: "a").correction == .zero)
    #expect(learn("Wed, 25 Nov 2026 14:32:10 GMT", "a") == nil)
    let hour = learn("Sun, 22 Nov 2026 15:32:10 GMT", "b")
    #expect(hour == CallEvent.Clock(host: "b", ahead: .hours(1), isFollowed: true))
    // One server's clock does not affect another's.
    #expect(memory.skew(of: "c").correction == .zero)
    #expect(learn("Sun, 22 Nov 2026 14:33:10 GMT", "d") == nil)
  }

  @Test("an error while the time is right is not attributed to the clock")
  func noFlipFlop() {
    let skew = ClockSkew(.hours(1))
    #expect(skew.explains(Untrusted("InvalidSignatureException"), signedWith: .zero))
    #expect(!skew.explains(Untrusted("InvalidSignatureException"), signedWith: .hours(1)))
    // A clock that was corrected.
    #expect(
      ClockSkew(.zero).explains(Untrusted("SignatureDoesNotMatch"), signedWith: .hours(1)))
  }

  @Test("a log contains no content of the calls")
  func log() async throws {
    let scene = try ConnectionScene { number, _ in
      number == 1
        ? .error("TooManyRequestsException", headers: [("date", "Mon, 23 Nov 2026 14:00:00 GMT")])
        : .json(200, "{\"Handshakes\":[],\"NextToken\":\"secret-token\"}")
    }
    _ = try await scene.backend.handshakes(Query(.received), page: nil)
    let attempts = scene.events.compactMap { event in
      if case .attempt(let attempt) = event { attempt } else { nil }
    }
    #expect(attempts.map(\.number) == [1, 1, 2])
    #expect(attempts.map(\.status) == [200, 400, 200])
    #expect(attempts[1].code == Untrusted("TooManyRequestsException"))
    let clocks = scene.events.count { if case .clock = $0 { true } else { false } }
    #expect(clocks == 1)
    var text = ""
    dump(scene.events, to: &text)
    for hidden in ["hush", "session-", "AKIA", "secret-token", "222233334444"] {
      #expect(!text.contains(hidden), "\(hidden)")
    }
  }
}
