import Model
import Synchronization
import TestSupport
import Testing
import Text

@testable import AWSBackend

@Suite("The caller's identity")
struct CallerTests {
  @Test("the account comes from STS, the organization from Organizations")
  func identity() async throws {
    let scene = try ConnectionScene { _, _ in .organization }
    let identity = try await scene.backend.identity().value
    #expect(identity.account.text == "222233334444")
    #expect(identity.caller == Untrusted("arn:aws:iam::222233334444:user/vera"))
    #expect(identity.organization?.id.text == "o-a1b2c3d4e5")
    #expect(identity.role == .member)
    #expect(
      scene.service.sent.first?.request.url == "https://sts.us-east-1.amazonaws.com/")
  }

  @Test("an account in no organization is standalone")
  func standalone() async throws {
    let scene = try ConnectionScene { _, _ in
      .error(
        "AWSOrganizationsNotInUseException",
        headers: [("date", "Sun, 22 Nov 2026 14:33:00 GMT")])
    }
    let reply = try await scene.backend.identity()
    #expect(reply.value.role == .standalone)
    #expect(reply.time == Timestamp(iso8601: "2026-11-22T14:33:00Z".utf8))
  }

  @Test("STS is asked once for each key, DescribeOrganization at most every two seconds")
  func askedOnce() async throws {
    let scene = try ConnectionScene { _, _ in .organization }
    for _ in 0..<4 { _ = try await scene.backend.identity() }
    #expect(scene.service.count(.getCallerIdentity) == 1)
    #expect(scene.sent.count == 1)
    let first = try await scene.backend.identity().time
    scene.time.pass(Span(milliseconds: 1_500))
    // A cached reply ages with the clock.
    #expect(try await scene.backend.identity().time == first + Span(milliseconds: 1_500))
    scene.time.pass(.seconds(1))
    _ = try await scene.backend.identity()
    #expect(scene.sent.count == 2)
  }

  @Test("a write never relies on a cached organization, however fresh")
  func askedNow() async throws {
    let moved = Mutex(false)
    let scene = try ConnectionScene { _, _ in
      moved.withLock { $0 } ? .error("AWSOrganizationsNotInUseException") : .organization
    }
    #expect(try await scene.backend.identity().value.role == .member)
    moved.withLock { $0 = true }
    #expect(try await scene.backend.identity().value.role == .member)
    #expect(try await scene.backend.identityNow().value.role == .standalone)
    #expect(scene.sent.count == 2)
    // The older reply is not returned afterwards either.
    #expect(try await scene.backend.identity().value.role == .standalone)
  }

  @Test("after a write, the organization is requested again")
  func afterWrite() async throws {
    let scene = try ConnectionScene { _, sent in
      sent.operation == .describeOrganization ? .organization : .json(500, "")
    }
    _ = try await scene.backend.identity()
    _ = await failure { () async throws(BackendError) in
      try await scene.backend.accept(Untrusted("h-7d1f0c2a9b44e8aa"))
    }
    _ = try await scene.backend.identity()
    #expect(scene.sent.count { $0.operation == .describeOrganization } == 2)
  }

  @Test("credentials of an account other than the expected one make no request to Organizations")
  func unexpected() async throws {
    let scene = try ConnectionScene(expecting: try Fixture.account("999900001111")) { _, _ in
      .organization
    }
    for _ in 0..<2 {
      let error = await failure { () async throws(BackendError) in
        try await scene.backend.accept(Untrusted("h-7d1f0c2a9b44e8aa"))
      }
      guard case .credentials(let fault) = error?.failure else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(fault.problem == .misconfigured)
      #expect(error?.applied == .notSent)
    }
    #expect(scene.sent.isEmpty)
  }

  @Test("a profile whose credentials become another account's is not used any more")
  func changed() async throws {
    let scene = try ConnectionScene(
      caller: { sent in
        .caller(
          sent.header("X-Amz-Security-Token") == "session-AKIA1" ? "222233334444" : "555566667777")
      }, { _, _ in .organization })
    _ = try await scene.backend.identity()
    scene.keys.rotate()
    let error = await failure { () async throws(BackendError) in
      try await scene.backend.accept(Untrusted("h-7d1f0c2a9b44e8aa"))
    }
    #expect(error?.applied == .notSent)
    #expect(scene.sent.count == 1)
  }

  @Test("nothing is sent with credentials other than those that were checked")
  func renewed() async throws {
    let scene = try ConnectionScene { _, sent in
      sent.operation == .describeOrganization ? .organization : .json(500, "")
    }
    let id = Untrusted("h-7d1f0c2a9b44e8aa")
    _ = try await scene.backend.identityNow()
    scene.keys.rotate()
    // What another screen reads meanwhile is no check of these credentials.
    _ = try await scene.backend.identity()
    let error = await failure { () async throws(BackendError) in
      try await scene.backend.accept(id)
    }
    #expect(error?.applied == .notSent)
    #expect(!scene.sent.contains { $0.operation == .acceptHandshake })
    // After another check it succeeds.
    _ = try await scene.backend.identityNow()
    _ = await failure { () async throws(BackendError) in try await scene.backend.accept(id) }
    #expect(scene.sent.count { $0.operation == .acceptHandshake } == 1)
  }

  @Test("credentials of an account other than their source states are not used")
  func misnamed() async throws {
    var keys = ScriptedKeys.keys("AKIA1")
    keys.account = try Fixture.account("999900001111")
    let scene = try ConnectionScene(keys: ScriptedKeys([keys])) { _, _ in .organization }
    let error = await failure { () async throws(BackendError) in
      try await scene.backend.identity()
    }
    guard case .credentials(let fault) = error?.failure else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(fault.problem == .misconfigured)
    #expect(scene.sent.isEmpty)
  }

  @Test("concurrent calls cause one request to STS")
  func together() async throws {
    let scene = try ConnectionScene { _, _ in .json(200, "{\"Handshakes\":[]}") }
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          _ = await failure { () async throws(BackendError) in
            try await scene.connection.reader.handshakes(Query(.received), page: nil)
          }
        }
      }
    }
    #expect(scene.service.count(.getCallerIdentity) == 1)
    #expect(scene.sent.count == 8)
  }

  @Test("a refusal by STS is reported with the error names of JSON services")
  func refused() async throws {
    let scene = try ConnectionScene(
      caller: { _ in
        .json(
          403,
          """
          <ErrorResponse><Error><Type>Sender</Type><Code>InvalidClientTokenId</Code>\
          <Message>The security token is invalid.</Message></Error></ErrorResponse>
          """)
      }, { _, _ in .organization })
    let error = await failure { () async throws(BackendError) in
      try await scene.backend.identity()
    }
    #expect(error?.exception == .unrecognizedClient)
    #expect(error?.operation == .getCallerIdentity)
  }
}
