import Model
import TestSupport
import Testing
import Text

@testable import AWSBackend

@Suite struct CurlFailureTests {
  private let transport = CurlTransport()

  struct Break: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var kind: HTTPFailure.Kind
    var serve: @Sendable (LoopbackConnection) -> Void

    init(
      _ name: String, _ kind: HTTPFailure.Kind,
      serve: @escaping @Sendable (LoopbackConnection) -> Void
    ) {
      testDescription = name
      self.kind = kind
      self.serve = serve
    }

    /// Answers the request with these bytes and closes.
    static func answer(_ name: String, _ kind: HTTPFailure.Kind, _ text: String) -> Break {
      Break(name, kind) { connection in
        _ = connection.readRequest()
        connection.write(text)
      }
    }
  }

  static let breaks = [
    Break.answer("no answer at all", .interrupted, ""),
    .answer("half a status line", .interrupted, "HTTP/1.1 2"),
    .answer("headers without an end", .interrupted, "HTTP/1.1 200 OK\r\nA: b\r\n"),
    .answer("a body cut short", .interrupted, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}"),
    .answer(
      "chunks without an end", .interrupted,
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"),
    .answer(
      "a chunk cut short", .interrupted,
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{}"),
    .answer("something else than HTTP", .other, "220 mail.example ESMTP\r\n\r\n"),
    .answer(
      "a body that will be too long", .tooLarge,
      "HTTP/1.1 200 OK\r\nContent-Length: 16777217\r\n\r\n"),
    .answer(
      "headers without measure", .tooLarge,
      "HTTP/1.1 200 OK\r\n"
        + String(repeating: "A: " + String(repeating: "b", count: 997) + "\r\n", count: 70)
    ),
    Break("a reset in the body", .interrupted) { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
      connection.reset()
    },
    Break("a body without measure", .tooLarge) { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
      let part = [UInt8](repeating: 0x20, count: 1 << 20)
      while connection.write(part) {}
    },
    Break("silence", .timeout) { connection in
      _ = connection.readRequest()
      connection.waitForEnd()
    },
    Break("a trickle", .timeout) { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
      while connection.write(" ") { connection.pause() }
    },
  ]

  @Test(
    "an incomplete response is a failure, and the request may have arrived", arguments: breaks
  )
  func broken(_ broken: Break) async throws {
    let server = try LoopbackServer(broken.serve)
    var request = HTTPRequest.patient("POST", server.url, body: Array("{}".utf8))
    if broken.kind == .timeout { request.attemptTimeout = Span(milliseconds: 1_500) }
    let failure = try #require(await transport.failure(of: request))
    #expect(failure.kind == broken.kind)
    #expect(failure.sent)
    #expect(!failure.detail.isEmpty)
    #expect(transport.census == (queued: 0, running: 0))
    #expect(server.requests.count == 1)
  }

  @Test("a body of the largest size allowed is read completely")
  func largest() async throws {
    let server = try LoopbackServer { connection in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(16 << 20)\r\n\r\n")
      connection.write([UInt8](repeating: 0x7A, count: 16 << 20))
    }
    let response = try await transport.send(.patient("GET", server.url))
    #expect(response.body.count == 16 << 20)
  }

  @Test("a closed port was sent nothing")
  func refused() async throws {
    let port = try LoopbackServer.closedPort()
    let failure = await transport.failure(of: .patient("POST", "http://127.0.0.1:\(port)/"))
    #expect(failure?.kind == .connect)
    #expect(failure?.sent == false)
  }

  @Test("an unknown name was sent nothing")
  func unknownName() async throws {
    var request = HTTPRequest.patient("POST", "https://none.invalid/")
    request.connectTimeout = .seconds(20)
    let failure = try #require(await transport.failure(of: request))
    // Without any name server, the answer takes longer than the limit.
    #expect(failure.kind == .nameLookup || failure.kind == .timeout)
    #expect(!failure.sent)
  }

  @Test("an unanswered TLS handshake ends with the connect timeout")
  func connectTimeout() async throws {
    let server = try LoopbackServer { $0.waitForEnd() }
    var request = HTTPRequest.patient("POST", "https://127.0.0.1:\(server.port)/")
    request.connectTimeout = Span(milliseconds: 200)
    let failure = await transport.failure(of: request)
    #expect(failure?.kind == .timeout)
    #expect(failure?.sent == false)
  }

  // MARK: Cancelling

  @Test(
    "a cancelled request ends at once, and says that it may have arrived", .timeLimit(.minutes(1)))
  func cancelled() async throws {
    let server = try LoopbackServer { connection in
      _ = connection.readRequest()
      connection.waitForEnd()
    }
    let task = Task { await transport.failure(of: .patient("POST", server.url)) }
    while server.requests.isEmpty { await Task.yield() }
    task.cancel()
    let failure = await task.value
    #expect(failure?.kind == .cancelled)
    #expect(failure?.sent == true)
    #expect(transport.census == (queued: 0, running: 0))
  }

  @Test("a request cancelled before it begins is not sent")
  func cancelledEarly() async throws {
    let server = try LoopbackServer { _ in }
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return await transport.failure(of: .patient("POST", server.url))
    }
    task.cancel()
    let failure = await task.value
    #expect(failure == .cancelled(sent: false))
    #expect(server.connections == 0)
  }

  @Test(
    "cancelling at any moment completes each request once and leaves nothing behind",
    .timeLimit(.minutes(1)))
  func cancelledAnyTime() async throws {
    let server = try LoopbackServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    var random = SeededRandom(seed: 20)
    var ends: [Bool] = []
    for _ in 0..<200 {
      let task = Task { await transport.failure(of: .patient("POST", server.url)) }
      for _ in 0..<Int.random(in: 0...400, using: &random) { await Task.yield() }
      task.cancel()
      let failure = await task.value
      #expect(failure == nil || failure?.kind == .cancelled)
      ends.append(failure == nil)
      // The request has ended: the cancellation must not be kept for a later one.
      task.cancel()
    }
    #expect(ends.count == 200)
    // A last message to the thread may be left; it completes no request.
    while transport.census != (queued: 0, running: 0) { await Task.yield() }
  }
}
