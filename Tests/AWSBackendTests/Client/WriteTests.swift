import Model
import TestSupport
import Testing
import Text

@testable import AWSBackend

@Suite("Writes (SEC-4.4.2)")
struct WriteTests {
  private static let id = Untrusted("h-7d1f0c2a9b44e8aa")

  private enum Write: CaseIterable {
    case accept, decline, cancel, enableAllFeatures, invite

    func send(by backend: AWSBackend) async -> BackendError? {
      await failure { () async throws(BackendError) in
        switch self {
        case .accept: try await backend.accept(id)
        case .decline: try await backend.decline(id)
        case .cancel: try await backend.cancel(id)
        case .enableAllFeatures: try await backend.enableAllFeatures()
        case .invite:
          try await backend.invite(Invitation(to: .account(Untrusted("333344445555"))))
        }
      }
    }
  }

  @Test(
    "are one request, whatever its result, and say whether it can have had an effect",
    arguments: [
      (ScriptedService.Fate.lost(.connect, sent: false), BackendError.Applied.notSent),
      (.lost(.nameLookup, sent: false), .notSent), (.lost(.tls, sent: false), .notSent),
      (.lost(.proxy, sent: false), .notSent), (.lost(.cancelled, sent: false), .notSent),
      (.lost(.cancelled, sent: true), .unknown), (.lost(.timeout, sent: true), .unknown),
      (.lost(.interrupted, sent: true), .unknown), (.lost(.tooLarge, sent: true), .unknown),
      (.error("AccessDeniedException"), .refused),
      (.error("TooManyRequestsException", status: 429), .refused),
      (.error("ConcurrentModificationException"), .refused),
      (.error("ExpiredTokenException"), .refused),
      (.error("HandshakeNotFoundException", status: 404), .refused),
      (.json(302, ""), .refused), (.json(407, "<html>"), .refused),
      (.error("ServiceException"), .unknown), (.error("ServiceException", status: 500), .unknown),
      (.error("AccessDeniedException", status: 503), .unknown), (.json(500, ""), .unknown),
      (.json(502, "<html>"), .unknown), (.json(403, "<html>"), .unknown),
      (.json(400, ""), .unknown), (.json(408, ""), .unknown), (.json(200, ""), .unknown),
      (.json(200, "{}"), .unknown), (.json(200, "<html>"), .unknown),
      (.json(200, "{\"Handshake\":{}}"), .unknown),
      (.json(200, "{\"Handshake\":{\"Id\":\"h-7d1f0c2a9b44e8aa\""), .unknown),
      (.json(200, "{\"Handshake\":null}"), .unknown),
      (
        .error("InvalidSignatureException", headers: [("date", "Tue, 24 Nov 2026 02:00:00 GMT")]),
        .refused
      ),
    ])
  func once(_ fate: ScriptedService.Fate, _ applied: BackendError.Applied) async throws {
    for write in Write.allCases {
      let scene = try ConnectionScene { _, _ in fate }
      let error = await write.send(by: scene.backend)
      #expect(error?.applied == applied)
      #expect(scene.sent.count == 1)
      #expect(scene.sent.allSatisfy { $0.request.isSentAtMostOnce })
      #expect(scene.sent.first?.header("amz-sdk-request") == "attempt=1; max=1")
    }
  }

  @Test(
    "a refusal in an unknown format, without the service's request id, proves nothing",
    arguments: [
      ("DLP_BLOCKED", nil, BackendError.Applied.unknown), ("AccessDeniedException", nil, .refused),
      ("SomethingNewException", "req-1", .refused),
    ] as [(String, String?, BackendError.Applied)])
  func between(_ code: String, _ requestID: String?, _ applied: BackendError.Applied) async throws {
    let scene = try ConnectionScene { _, _ in
      .reply(
        HTTPResponse(
          status: 403,
          headers: requestID.map { [(name: "x-amzn-requestid", value: Untrusted($0))] } ?? [],
          body: Array("{\"code\":\"\(code)\",\"message\":\"response blocked\"}".utf8)))
    }
    let error = await failure { () async throws(BackendError) in
      try await scene.backend.accept(Self.id)
    }
    #expect(error?.applied == applied)
  }

  @Test("a write that fails before it is sent was never sent, whatever the preceding read returned")
  func before() async throws {
    let scene = try ConnectionScene(
      caller: { _ in .error("ServiceUnavailable", status: 503) }, { _, _ in .json(200, "{}") })
    let error = await failure { () async throws(BackendError) in
      try await scene.backend.accept(Self.id)
    }
    #expect(error?.applied == .notSent && error?.operation == .acceptHandshake)
    #expect(scene.sent.isEmpty)
  }

  @Test("a reply about another handshake proves nothing")
  func another() async throws {
    var fixture = InvitationFixture()
    fixture.id = "h-00000000aaaa"
    fixture.state = .accepted
    let other = try fixture.make()
    let scene = try ConnectionScene { _, _ in .handshake(other) }
    let error = await failure { () async throws(BackendError) in
      try await scene.backend.accept(Self.id)
    }
    #expect(error?.applied == .unknown)
    guard case .unreadable = error?.failure else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("return the handshake's new state, with the service's time and the request id")
  func done() async throws {
    var fixture = InvitationFixture()
    fixture.state = .accepted
    let accepted = try fixture.make()
    let scene = try ConnectionScene { _, _ in
      guard case .reply(var response) = ScriptedService.Fate.handshake(accepted) else {
        return .handshake(accepted)
      }
      response.headers.append(
        (name: "date", value: Untrusted("Sun, 22 Nov 2026 14:33:00 GMT")))
      return .reply(response)
    }
    let reply = try await scene.backend.accept(Self.id)
    #expect(reply.value.state == .accepted)
    #expect(reply.time == Timestamp(iso8601: "2026-11-22T14:33:00Z".utf8))
    #expect(reply.requestID == Untrusted("req-1"))
  }

  @Test("a cancelled task sends nothing")
  func cancelled() async throws {
    let scene = try ConnectionScene { _, _ in .json(200, "{}") }
    let error = await Task { () -> BackendError? in
      withUnsafeCurrentTask { $0?.cancel() }
      return await failure { () async throws(BackendError) in
        try await scene.backend.accept(Self.id)
      }
    }.value
    #expect(error?.applied == .notSent && error?.failure == .cancelled)
    #expect(scene.sent.isEmpty)
  }
}
