import Model
import Signing
import Synchronization
import TestSupport
import Testing
import Text
import Wire

@testable import AWSBackend

@Suite("Clock skew as AWS's SDKs correct it")
struct ClockSkewVectorTests {
  private static let calls = "clock-skew/clock-skew-test-cases.json"
  private static let classes = "clock-skew/classification.json"

  @Test("every call is signed at the vectors' time, ends as they say, and leaves their skew")
  func vectors() async throws {
    var count = CaseCount()
    for test in try VectorFile.read(Self.calls)["tests"]?.array ?? [] {
      let name = try #require(test.ascii("description"))
      let scene = SkewScene()
      var isRight = true
      for operation in test["operations"]?.array ?? [] {
        if try await !scene.agrees(with: operation) { isRight = false }
      }
      count.run(name) { isRight }
    }
    #expect(count.cases == 10)
    try count.record(Self.calls)
  }

  @Test("an error is attributed to the clock when the vectors say so")
  func classification() throws {
    var count = CaseCount()
    for (index, test) in (try VectorFile.read(Self.classes)["cases"]?.array ?? []).enumerated() {
      let code = try #require(test.ascii("errorCode"))
      let skew = ClockSkew(test["skewSeconds"]?.number?.int.map { .seconds($0) })
      let expected = test["retryable"] == .bool(true)
      count.run("\(index) \(code)") {
        skew.explains(Untrusted(code), signedWith: .zero) == expected
      }
    }
    #expect(count.cases == 12)
    try count.record(Self.classes)
  }
}

/// A client whose clock and server are those of a vector.
private final class SkewScene: Sendable {
  private struct Script {
    var attempts: [JSONValue] = []
    var signedAt: [String] = []
  }

  private let time = ManualTime()
  private let skews = SkewMemory()
  private let script = Mutex(Script())

  private static let host = "organizations.us-east-1.amazonaws.com"

  func agrees(with operation: JSONValue) async throws -> Bool {
    let attempts = try #require(operation["attempts"]?.array)
    try begin(with: operation["initialClientSkew"]?.number?.int ?? 0)
    script.withLock { $0 = Script(attempts: attempts) }
    let most = operation["maxAttempts"]?.number?.int ?? 3
    let outcome = await call(maxAttempts: Int(most))
    let signedAt = script.withLock { $0.signedAt }
    let expectedTimes = try attempts.map { attempt in
      let text = try #require(attempt.ascii("expectedSigningTime"))
      return SigningTime(try #require(Timestamp(iso8601: text.utf8))).text
    }
    let skew = try #require(operation["expectedClientSkew"]?.number?.int)
    return outcome == operation.ascii("expectedOutcome") && signedAt == expectedTimes
      && skews.skew(of: Self.host).correction == .seconds(skew)
  }

  /// A stale skew is one that was measured once.
  private func begin(with skew: Int64) throws {
    guard skews.skew(of: Self.host).correction != .seconds(skew) else { return }
    let response = HTTPResponse(
      status: 200, headers: [(name: "date", value: Untrusted("Thu, 01 Jan 2026 00:00:00 GMT"))])
    let date = try #require(response.date)
    _ = skews.learn(
      from: response, of: Self.host, received: date - .seconds(skew), trip: .zero)
  }

  private func call(maxAttempts: Int) async -> String {
    let client = AWSClient(
      endpoint: Endpoint(
        url: "https://\(Self.host)", host: Self.host, path: "", signingRegion: "us-east-1",
        signingName: "organizations", origin: .builtIn),
      transport: Server(scene: self), time: time, random: SeededBytes(), sleeper: NoSleep(),
      agent: UserAgent(version: "1"), connectTimeout: .seconds(3),
      retry: RetryStrategy(maxAttempts: maxAttempts), quota: RetryQuota(), skews: skews,
      log: .none)
    let call = AWSCall<Bool>(.describeOrganization) { _ in true }
    do throws(BackendError) {
      return try await client.read(call, Gate(scene: self)).value ? "success" : ""
    } catch {
      return "error"
    }
  }

  /// Sets the clock to the next attempt's.
  private struct Gate: CallGate {
    let scene: SkewScene

    func admit(_ operation: Model.Operation) async throws(BackendError) -> Credentials {
      let attempt = scene.script.withLock { $0.attempts.first }
      if let now = attempt?.ascii("clientTimeAtSend").flatMap({ Timestamp(iso8601: $0.utf8) }) {
        scene.time.set(now)
      }
      return Credentials(
        AccessKeys(id: "AKIDEXAMPLE", secret: Secret("secret")), source: .environment)
    }

    func ended(_ credentials: Credentials) async {}
    func throttled(_ operation: Model.Operation, for pause: Span?) async {}
  }

  private struct Server: HTTPTransport {
    let scene: SkewScene

    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
      let attempt = scene.script.withLock { script in
        script.signedAt.append(request.headers.first { $0.name == "X-Amz-Date" }?.value ?? "")
        return script.attempts.isEmpty ? JSONValue.null : script.attempts.removeFirst()
      }
      if let sent = attempt.ascii("clientTimeAtSend").flatMap({ Timestamp(iso8601: $0.utf8) }),
        let got = attempt.ascii("clientTimeAtReceive").flatMap({ Timestamp(iso8601: $0.utf8) })
      {
        scene.time.pass(got - sent)
      }
      let response = attempt["response"] ?? .null
      var headers = (response["headers"]?.texts ?? [:]).map {
        (name: $0.key.lowercased(), value: Untrusted($0.value))
      }
      if let code = response["errorCode"]?.string {
        headers.append((name: "x-amzn-errortype", value: code))
      }
      return HTTPResponse(
        status: Int(response["statusCode"]?.number?.int ?? 0), headers: headers,
        body: Array("{}".utf8))
    }
  }

  /// The vectors have the times of all attempts.
  private struct NoSleep: Sleeper {
    func sleep(_ span: Span) async {}
  }
}
