import Model
import TestSupport
import Testing
import Text
import Wire

@testable import AWSBackend

@Suite("Listings and their rate")
struct PagingTests {
  @Test("an empty page with a token is a page, requested once, whatever page its token names")
  func tokens() async throws {
    let scene = try ConnectionScene { _, _ in .json(200, "{\"Handshakes\":[],\"NextToken\":\"t\"}")
    }
    let first = try await scene.backend.handshakes(Query(.received), page: nil).value
    #expect(first.handshakes.isEmpty && first.next == PageToken(Untrusted("t")))
    // The owner of the tokens has to notice a token that names its own page: another request would
    // not help.
    let second = try await scene.backend.handshakes(Query(.received), page: first.next).value
    #expect(second.next == first.next)
    #expect(scene.sent.count == 2)
  }

  @Test("the members are read page by page")
  func members() async throws {
    let scene = try ConnectionScene { number, _ in
      .json(
        200,
        #"{"Accounts":[{"Id":"22223333444\#(number % 10)","Status":"ACTIVE","#
          + #""JoinedMethod":"INVITED"}],"NextToken":"t"}"#)
    }
    let first = try await scene.backend.members(page: nil).value
    #expect(first.members.map(\.joinedMethod) == [.invited])
    #expect(first.next == PageToken(Untrusted("t")))
    _ = try await scene.backend.members(page: first.next)
    #expect(scene.sent.allSatisfy { $0.operation == .listAccounts })
    #expect(scene.sent.count == 2)
  }

  @Test("a hundred pages are spaced as the service allows, and none is throttled")
  func pace() async throws {
    let scene = try ConnectionScene { _, _ in .json(200, "{\"Handshakes\":[]}") }
    let before = scene.time.uptime()
    for _ in 0..<100 { _ = try await scene.backend.handshakes(Query(.received), page: nil) }
    // A burst of 8, then 5 a second.
    let took = scene.time.uptime() - before
    #expect((Span.seconds(18)...Span.seconds(19)).contains(took))
  }

  @Test("a server other than AWS's is not throttled until it refuses for rate")
  func ownEndpoint() async throws {
    var settings = SettingsWorld()
    settings.environment = ["AWS_ENDPOINT_URL": "http://127.0.0.1:4566/sandbox"]
    let scene = try ConnectionScene(settings: settings) { number, _ in
      number == 51 ? .error("TooManyRequestsException") : .json(200, "{\"Handshakes\":[]}")
    }
    let before = scene.time.uptime()
    for _ in 0..<50 { _ = try await scene.backend.handshakes(Query(.received), page: nil) }
    #expect(scene.time.uptime() == before)
    _ = try await scene.backend.handshakes(Query(.received), page: nil)
    #expect(scene.time.uptime() - before >= .seconds(1))
    let sent = try #require(scene.sent.first)
    #expect(sent.request.url == "http://127.0.0.1:4566/sandbox/")
    #expect(sent.header("Host") == "127.0.0.1:4566")
    #expect(sent.header("User-Agent")?.contains("m/C,E,N,n") == true)
  }
}
