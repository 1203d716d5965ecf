import Model
import Signing
import TestSupport
import Testing
import Text

@testable import AWSBackend

@Suite("Reads")
struct ReadTests {
  private static let page = "{\"Handshakes\":[]}"
  private static let query = Query(.received)

  private static func read(_ scene: ConnectionScene) async -> BackendError? {
    await failure { () async throws(BackendError) in
      try await scene.connection.reader.handshakes(query, page: nil)
    }
  }

  @Test(
    "are retried after transient errors, three attempts in all",
    arguments: [
      ScriptedService.Fate.error("ServiceException", status: 500), .json(503, "<html>"),
      .error("TooManyRequestsException"), .error("TooManyRequestsException", status: 429),
      .json(429, ""), .error("ConcurrentModificationException"), .json(200, "{\"Handsh"),
      .json(200, "<html>proxy</html>"), .json(200, ""), .lost(.connect, sent: false),
      .lost(.timeout, sent: true), .lost(.interrupted, sent: true), .lost(.nameLookup, sent: false),
    ])
  func retried(_ fate: ScriptedService.Fate) async throws {
    let passing = try ConnectionScene { number, _ in number < 3 ? fate : .json(200, Self.page) }
    #expect(await Self.read(passing) == nil)
    #expect(passing.sent.count == 3)
    let lasting = try ConnectionScene { _, _ in fate }
    #expect(await Self.read(lasting) != nil)
    #expect(lasting.sent.count == 3)
  }

  @Test(
    "are not retried after permanent errors",
    arguments: [
      ScriptedService.Fate.error("AccessDeniedException"), .error("InvalidInputException"),
      .error("AccessDeniedException", status: 429), .json(403, "<html>"), .json(302, ""),
      .json(407, ""), .lost(.tls, sent: false), .lost(.certificates, sent: false),
      .lost(.proxy, sent: false), .lost(.tooLarge, sent: true), .lost(.forbidden, sent: false),
    ])
  func final(_ fate: ScriptedService.Fate) async throws {
    let scene = try ConnectionScene { _, _ in fate }
    #expect(await Self.read(scene) != nil)
    #expect(scene.sent.count == 1)
  }

  @Test(
    "each attempt of a call has its own signature; all have the same invocation id and their number"
  )
  func signedAnew() async throws {
    let scene = try ConnectionScene(trip: .seconds(1)) { _, _ in .json(503, "") }
    _ = await Self.read(scene)
    let sent = scene.sent
    #expect(Set(sent.map { $0.header("Authorization") }).count == 3)
    #expect(Set(sent.map { $0.header("amz-sdk-invocation-id") }).count == 1)
    #expect(
      sent.map { $0.header("amz-sdk-request") }
        == (1...3).map { "attempt=\($0); max=3" })
    #expect(sent.allSatisfy { !$0.request.isSentAtMostOnce })
  }

  @Test("identify the program in headers, and do not identify the operator")
  func headers() async throws {
    let scene = try ConnectionScene { _, _ in .json(200, Self.page) }
    _ = await Self.read(scene)
    let sent = try #require(scene.sent.first)
    #expect(sent.request.url == "https://organizations.us-east-1.amazonaws.com/")
    #expect(sent.header("Content-Type") == "application/x-amz-json-1.1")
    #expect(
      sent.header("X-Amz-Target") == "AWSOrganizationsV20161128.ListHandshakesForAccount")
    #expect(sent.header("X-Amz-Security-Token") == "session-AKIA1")
    #expect(sent.header("User-Agent")?.hasSuffix("m/C,E,n") == true)
    #expect(String(decoding: sent.request.body, as: UTF8.self) == "{\"MaxResults\":20}")
    let authorization = try #require(sent.header("Authorization"))
    #expect(authorization.contains("/us-east-1/organizations/aws4_request"))
    #expect(
      authorization.contains(
        "SignedHeaders=amz-sdk-invocation-id;amz-sdk-request;content-type;host;x-amz-date;"
          + "x-amz-security-token;x-amz-target"))
  }

  @Test("with expired credentials, new ones are fetched and used once")
  func endedKeys() async throws {
    let scene = try ConnectionScene { _, sent in
      sent.header("X-Amz-Security-Token") == "session-AKIA1"
        ? .error("ExpiredTokenException") : .json(200, Self.page)
    }
    #expect(await Self.read(scene) == nil)
    #expect(scene.keys.dropped == 1)
    // The new credentials may be of another account: STS is asked again.
    #expect(scene.service.count(.getCallerIdentity) == 2)
    let hopeless = try ConnectionScene(keys: ScriptedKeys("A", "B", "C")) { _, _ in
      .error("ExpiredTokenException")
    }
    #expect(await Self.read(hopeless)?.exception == .expiredToken)
    #expect(hopeless.sent.count == 2)
  }

  @Test("without credentials nothing is sent, and the error names the source")
  func noKeys() async throws {
    let scene = try ConnectionScene(keys: ScriptedKeys()) { _, _ in .json(200, Self.page) }
    let error = await Self.read(scene)
    guard case .credentials(let fault) = error?.failure else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(fault.source == .sso && fault.problem == .expired)
    #expect(error?.applied == .notSent)
    #expect(scene.service.sent.isEmpty)
  }

  @Test("end after 90 seconds, however many attempts are left")
  func deadline() async throws {
    var settings = SettingsWorld()
    settings.environment = ["AWS_MAX_ATTEMPTS": "100"]
    let scene = try ConnectionScene(trip: .seconds(19), settings: settings) { _, _ in
      .lost(.timeout, sent: true)
    }
    #expect(await Self.read(scene) != nil)
    #expect(scene.sent.count == 5)
    // The last attempt may take only the time that is left.
    let last = try #require(scene.sent.last?.request.attemptTimeout)
    #expect(last < .seconds(15))
  }

  @Test("a refused signature reports the clock skew to the service")
  func clock() async throws {
    for (date, clock) in [
      ("Sun, 22 Nov 2026 14:32:10 GMT", .right),
      ("Sun, 22 Nov 2026 14:35:10 GMT", .right),
      // Signed with the service's time and refused again: the clock was not the cause.
      ("Sun, 22 Nov 2026 16:32:10 GMT", .right),
      ("Thu, 26 Nov 2026 14:32:10 GMT", nil),
    ] as [(String, ClockEvidence?)] {
      let scene = try ConnectionScene { _, _ in
        .error("InvalidSignatureException", headers: [("date", date)])
      }
      let error = try #require(await Self.read(scene))
      guard clock == nil, case .ahead(let span)? = error.clock else {
        #expect(error.clock == clock, "\(date)")
        continue
      }
      // Too large to be applied, and reported all the same.
      #expect(span > .hours(95))
    }
    let silent = try ConnectionScene { _, _ in .error("InvalidSignatureException") }
    #expect(await Self.read(silent)?.clock == nil)
  }

  @Test("certificate failures are an error of their own, and are not retried")
  func certificates() async throws {
    for (kind, problem) in [
      (HTTPFailure.Kind.certificates, CertificateProblem.bundle), (.untrusted, .server),
    ] {
      let scene = try ConnectionScene { _, _ in .lost(kind, sent: false) }
      let error = await Self.read(scene)
      #expect(error?.failure == .certificates(problem, Untrusted("a fault of the test")))
      #expect(scene.sent.count == 1)
    }
  }

  @Test("end at once when the task is cancelled")
  func cancelled() async throws {
    let scene = try ConnectionScene { _, _ in .json(503, "") }
    let error = await Task { () -> BackendError? in
      withUnsafeCurrentTask { $0?.cancel() }
      return await Self.read(scene)
    }.value
    #expect(error?.failure == .cancelled)
    #expect(scene.sent.isEmpty)
  }

  @Test(
    "wait at most the usual time when a server asks for a year",
    arguments: ["31536000000", "99999999999999999999"])
  func year(header: String) async throws {
    let scene = try ConnectionScene { number, _ in
      number == 1
        ? .error("TooManyRequestsException", headers: [("x-amz-retry-after", header)])
        : .json(200, Self.page)
    }
    let before = scene.time.uptime()
    #expect(await Self.read(scene) == nil)
    #expect(scene.time.uptime() - before <= .seconds(25))
  }

  @Test("report the service's retry delay, and respect it")
  func retryAfter() async throws {
    let scene = try ConnectionScene { number, _ in
      number == 1
        ? .error("TooManyRequestsException", headers: [("x-amz-retry-after", "4000")])
        : .json(200, Self.page)
    }
    let before = scene.time.uptime()
    #expect(await Self.read(scene) == nil)
    #expect(scene.time.uptime() - before >= .seconds(4))
    let write = try ConnectionScene { _, _ in
      .error("TooManyRequestsException", headers: [("x-amz-retry-after", "4000")])
    }
    let error = await failure { () async throws(BackendError) in
      try await write.backend.accept(Untrusted("h-examplehandshakeid111"))
    }
    #expect(error?.retryAfter == .seconds(4))
  }
}

extension ScriptedService.Fate: CustomTestStringConvertible {
  var testDescription: String {
    switch self {
    case .reply(let response):
      "\(response.status) \(String(decoding: response.body.prefix(50), as: UTF8.self))"
    case .failure(let failure): "\(failure.kind)"
    }
  }
}
