import Model
import Testing
import Text

@testable import AWSBackend

@Suite struct CurlTransportTests {
  private let transport = CurlTransport()

  @Test("a request is sent as it was made, and nothing is added")
  func request() async throws {
    let server = try LoopbackServer(
      answering: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Amzn-RequestId:  a b \r\n\r\n{}")
    let response = try await transport.send(
      HTTPRequest(
        "POST", server.url + "a%20b/../c?x=%2F",
        headers: [
          ("Host", "organizations.example"), ("X-Amz-Target", "T.Op"), ("X-Empty", ""),
          ("User-Agent", "handshake/1"),
        ], body: Array("{\"é\":\u{0}}".utf8)))
    #expect(response.status == 200)
    #expect(response.body == Array("{}".utf8))
    #expect(response.header("x-amzn-requestid") == Untrusted("a b"))
    let lines = try #require(server.requests.first).split(
      separator: "\r\n", omittingEmptySubsequences: false)
    #expect(lines.first == "POST /a%20b/../c?x=%2F HTTP/1.1")
    #expect(
      lines.dropFirst().dropLast(2).sorted() == [
        "Content-Length: 8", "Host: organizations.example", "User-Agent: handshake/1",
        "X-Amz-Target: T.Op", "X-Empty:",
      ])
    #expect(lines.last == "{\"é\":\u{0}}")
  }

  @Test("methods without a body send none", arguments: ["GET", "PUT", "DELETE"])
  func methods(method: String) async throws {
    let server = try LoopbackServer(answering: "HTTP/1.1 204 No Content\r\n\r\n")
    let response = try await transport.send(.patient(method, server.url))
    #expect(response.status == 204 && response.body.isEmpty)
    let request = try #require(server.requests.first)
    #expect(request.hasPrefix("\(method) / HTTP/1.1\r\n") && request.hasSuffix("\r\n\r\n"))
    #expect(request.contains("Content-Length: 0\r\n") == (method != "GET"))
  }

  @Test("a redirect, a cookie and an interim response change nothing")
  func redirect() async throws {
    let server = try LoopbackServer(
      answering: "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
        + "HTTP/1.1 302 Found\r\nLocation: /b\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n")
    for _ in 0..<2 {
      let response = try await transport.send(.patient("POST", server.url))
      #expect(response.status == 302)
      #expect(response.header("location") == Untrusted("/b"))
      #expect(response.header("link") == nil)
    }
    #expect(server.requests.count == 2)
    #expect(!server.requests.contains { $0.lowercased().contains("cookie") })
  }

  @Test("connections are reused, and a chunked body is joined")
  func keepAlive() async throws {
    let server = try LoopbackServer(
      answering:
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")
    for _ in 0..<3 {
      let response = try await transport.send(.patient("GET", server.url))
      #expect(response.body == Array("abc".utf8))
    }
    #expect(server.connections == 1)
  }

  /// Answers the first request of each connection; reads a second one, and closes.
  private func closingServer() throws -> LoopbackServer {
    try LoopbackServer { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
      _ = connection.readRequest()
    }
  }

  @Test("an idempotent request is repeated when a reused connection closes")
  func keptConnectionOfRead() async throws {
    let server = try closingServer()
    for _ in 0..<2 {
      #expect(try await transport.send(.patient("POST", server.url)).status == 200)
    }
    #expect(server.requests.count == 3)
  }

  @Test("any other is not: its result is unknown")
  func keptConnectionOfWrite() async throws {
    let server = try closingServer()
    var request = HTTPRequest.patient("POST", server.url)
    request.isSentAtMostOnce = true
    #expect(try await transport.send(request).status == 200)
    let failure = await transport.failure(of: request)
    #expect(failure?.kind == .interrupted)
    #expect(failure?.sent == true)
    #expect(server.requests.count == 2)
  }

  @Test("64 requests at a time are all answered")
  func many() async throws {
    let server = try LoopbackServer(
      answering: "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody")
    let statuses = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<64 {
        group.addTask { (try? await transport.send(.patient("POST", server.url)))?.status ?? 0 }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(statuses == Array(repeating: 200, count: 64))
    #expect(transport.census == (queued: 0, running: 0))
  }

  @Test("a missing library is named, with the package that has it")
  func unavailable() async throws {
    let transport = CurlTransport(library: "libnone.so.4")
    let failure = try #require(
      await transport.failure(of: .patient("GET", "https://127.0.0.1:1/")))
    #expect(failure.kind == .unavailable)
    #expect(!failure.sent)
    let detail = try #require(failure.detail.asciiText)
    #expect(detail.contains("libnone.so.4") && detail.contains("libcurl4"))
    #expect(
      await transport.failure(of: .patient("GET", "https://127.0.0.1:1/"))?.kind
        == .unavailable)
  }

  @Test(
    "a forbidden request is refused before anything is sent",
    arguments: [
      "http://example.com/", "http://127.0.0.1.example.com/", "http://10.0.0.1/",
      "http://169.254.169.253/", "http://[::2]/", "http://localhost.example/",
      "ftp://127.0.0.1/", "file:///etc/hostname", "gopher://127.0.0.1/", "127.0.0.1:80",
      "http://user:word@127.0.0.1/", "https://user@example.com/", "", "http://", "https://a b/",
      "http://127.0.0.1:99999/", "http://0/", "http://0.0.0.0/",
    ])
  func forbidden(url: String) async {
    let failure = await transport.failure(of: .patient("GET", url))
    #expect(failure?.kind == .forbidden)
    #expect(failure?.sent == false)
  }

  @Test("a header or method with a line break is refused")
  func injection() async {
    let bad: [HTTPRequest] = [
      .patient("GET", "http://127.0.0.1:1/", headers: [("A", "b\r\nC: d")]),
      .patient("GET", "http://127.0.0.1:1/", headers: [("A: b\r\nC", "d")]),
      .patient("GET", "http://127.0.0.1:1/", headers: [("A", "b\u{0}")]),
      .patient("GET", "http://127.0.0.1:1/", headers: [("", "b")]),
      .patient("GET / HTTP/1.1\r\nA:", "http://127.0.0.1:1/"),
    ]
    for request in bad {
      #expect(await transport.failure(of: request)?.kind == .forbidden)
    }
  }
}

extension HTTPTransport {
  /// Returns the error of a request; nil if it succeeds.
  func failure(of request: HTTPRequest) async -> HTTPFailure? {
    do throws(HTTPFailure) {
      _ = try await send(request)
      return nil
    } catch {
      return error
    }
  }
}
