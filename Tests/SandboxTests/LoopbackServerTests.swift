import Glibc
import Model
import Synchronization
import TestSupport
import Testing

@testable import Sandbox

/// A server that answers with the body of the request, until the test ends.
private final class Echo: Sendable {
  let time = ManualTime()
  let server: LoopbackServer
  private let serving: Task<Void, any Error>

  init(
    _ limits: HTTPLimits = HTTPLimits(),
    answer: @escaping @Sendable (ServerRequest) async -> Delivery = {
      .whole(ServerReply(status: 200, body: $0.body))
    }
  ) throws {
    let server = try LoopbackServer(port: 0, limits: limits, time: time, answer: answer)
    self.server = server
    serving = Task { try await server.run() }
  }

  deinit { server.drain() }

  func end() async throws {
    server.drain()
    try await serving.value
  }

  func send(_ bytes: [UInt8]) async throws -> RawClient.Reply? {
    try await RawClient.with(port: server.port) { client in
      // The server may close before it has read everything.
      try? client.send(bytes)
      return try client.reply()
    }
  }
}

private func post(_ body: String, _ fields: String = "") -> String {
  "POST / HTTP/1.1\r\nHost: a\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
}

@Suite("The loopback server")
struct LoopbackServerTests {
  @Test("listens on 127.0.0.1 and nowhere else")
  func loopbackOnly() async throws {
    let echo = try Echo()
    let other = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(other) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = echo.server.port.bigEndian
    // Another address of this machine: a server on all addresses would accept it.
    address.sin_addr.s_addr = UInt32(0x7F00_0002).bigEndian
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(other, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    #expect(status == -1)
    #expect(errno == ECONNREFUSED)
  }

  @Test("refuses a port that is in use")
  func takenPort() throws {
    let echo = try Echo()
    #expect(throws: LoopbackServer.Failure.self) {
      try LoopbackServer(port: echo.server.port, time: ManualTime()) { _ in .nothing }
    }
  }

  @Test("answers requests that arrive in one piece, in sequence, and byte by byte")
  func pieces() async throws {
    let echo = try Echo()
    let bodies = try await RawClient.with(port: echo.server.port) { client in
      try client.send(post("one") + post("two"))
      let first = try client.reply()
      let second = try client.reply()
      for byte in post("three").utf8 { try client.send([byte]) }
      return [first?.text, second?.text, try client.reply()?.text]
    }
    #expect(bodies == ["one", "two", "three"])
  }

  @Test("sends `100 Continue` on request, and closes on request")
  func continueAndClose() async throws {
    let echo = try Echo()
    let end = try await RawClient.with(port: echo.server.port) { client in
      try client.send(
        "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nConnection: close\r\n"
          + "Content-Length: 2\r\n\r\n")
      let interim = String(decoding: try client.read(), as: UTF8.self)
      try client.send("ab")
      return interim + String(decoding: try client.readToEnd(), as: UTF8.self)
    }
    #expect(end.hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"))
    #expect(end.hasSuffix("Connection: close\r\n\r\nab"))
  }

  private struct Refused: CustomTestStringConvertible, Sendable {
    let status: Int
    let text: String
    var testDescription: String { "\(status)" }
  }

  private static let long = String(repeating: "a", count: 1 << 20)
  private static let refused: [Refused] = [
    Refused(status: 414, text: "GET /\(long.prefix(9_000)) HTTP/1.1\r\nHost: a\r\n\r\n"),
    Refused(status: 431, text: "GET / HTTP/1.1\r\nX: \(long)"),
    Refused(
      status: 431,
      text: "GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "X: a\r\n", count: 101))\r\n"),
    Refused(status: 413, text: post(long + "a")),
    Refused(
      status: 411,
      text: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    Refused(status: 400, text: "\u{16}\u{03}\u{01}\u{02}garbage"),
    Refused(status: 400, text: String(repeating: "\u{0}", count: 100_000)),
    Refused(status: 505, text: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  ]

  @Test("answers invalid requests with an error and continues to serve", arguments: refused)
  private func refusals(_ refused: Refused) async throws {
    let (text, status) = (refused.text, refused.status)
    let echo = try Echo()
    #expect(try await echo.send(Array(text.utf8))?.status == status)
    #expect(try await echo.send(Array(post("still here").utf8))?.text == "still here")
  }

  @Test("survives seeded garbage from many clients")
  func garbage() async throws {
    let echo = try Echo()
    var random = SeededRandom(seed: 4)
    for _ in 0..<100 {
      let count = Int.random(in: 0...3_000, using: &random)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0 ... .max, using: &random) }
      try await RawClient.with(port: echo.server.port) { client in
        try? client.send(bytes)
        shutdown(client.descriptor, Int32(SHUT_WR))
        _ = try? client.readToEnd()
      }
    }
    #expect(try await echo.send(Array(post("still here").utf8))?.text == "still here")
  }

  @Test("answers 64 clients at once, each its own")
  func manyClients() async throws {
    // None is answered before all have sent their requests.
    let waiting = Mutex<(asked: Int, waiters: [CheckedContinuation<Void, Never>])>((0, []))
    let echo = try Echo { request in
      await withCheckedContinuation { continuation in
        let all = waiting.withLock { state -> [CheckedContinuation<Void, Never>] in
          state.asked += 1
          state.waiters.append(continuation)
          return state.asked == 64 ? state.waiters : []
        }
        for waiter in all { waiter.resume() }
      }
      return .whole(ServerReply(status: 200, body: request.body))
    }
    let bodies = try await withThrowingTaskGroup(of: String?.self) { group in
      for number in 0..<64 {
        group.addTask { try await echo.send(Array(post("client \(number)").utf8))?.text }
      }
      return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
    }
    #expect(bodies == Set((0..<64).map { "client \($0)" }))
  }

  @Test("has a limit of connections and refuses the next")
  func full() async throws {
    var limits = HTTPLimits()
    limits.connections = 2
    let echo = try Echo(limits)
    let port = echo.server.port
    try await RawClient.with(port: port) { first in
      try first.send(post("1"))
      #expect(try first.reply()?.status == 200)
      let second = try RawClient.connected(port)
      try second.send(post("2"))
      #expect(try second.reply()?.status == 200)
      let third = try RawClient.connected(port)
      #expect(try third.reply()?.status == 503)
      close(second.descriptor)
      close(third.descriptor)
    }
  }
}

@Suite("The loopback server's time limits")
struct PatienceTests {
  @Test(
    "end a slow sender: 408, from the request's first byte",
    arguments: ["", "Content-Length: 9\r\n\r\n", "Content-Length: 9\r\n\r\nabc"])
  func slowSender(_ rest: String) async throws {
    let echo = try Echo()
    let (port, time) = (echo.server.port, echo.time)
    let reply = try await RawClient.with(port: port) { client in
      try client.send("POST / HTTP/1.1\r\nHost: a\r\n" + rest)
      _ = Patience.until { echo.server.phases == [.receiving] }
      time.pass(.seconds(21))
      return try client.reply()
    }
    #expect(reply?.status == 408)
  }

  @Test("are not extended by empty lines")
  func emptyLines() async throws {
    let echo = try Echo()
    let (port, time) = (echo.server.port, echo.time)
    let rest = try await RawClient.with(port: port) { client in
      try client.send("\r\n")
      _ = Patience.until { echo.server.phases == [.receiving] }
      time.pass(.seconds(15))
      try client.send("\r\n")
      // Time for the second line to arrive: another client connects and closes.
      let other = try RawClient.connected(port)
      try other.send(post("x", "Connection: close\r\n"))
      _ = try other.readToEnd()
      close(other.descriptor)
      time.pass(.seconds(6))
      return try client.reply()
    }
    #expect(rest?.status == 408)
  }

  @Test("end an idle connection, without a reply")
  func idle() async throws {
    let echo = try Echo()
    let (port, time) = (echo.server.port, echo.time)
    let rest = try await RawClient.with(port: port) { client in
      try client.send(post("x"))
      _ = try client.reply()
      _ = Patience.until { echo.server.phases == [.idle] }
      time.pass(.seconds(61))
      return try client.readToEnd()
    }
    #expect(rest.isEmpty)
  }

  @Test("end a slow reader")
  func slowReader() async throws {
    let size = 64 << 20
    let echo = try Echo { _ in
      .whole(ServerReply(status: 200, body: [UInt8](repeating: 0x61, count: size)))
    }
    let (port, time) = (echo.server.port, echo.time)
    let count = try await RawClient.with(port: port) { client in
      try client.send(post("x"))
      let first = try client.read().count
      time.pass(.seconds(61))
      _ = Patience.until { echo.server.phases.isEmpty }
      return first + ((try? client.readToEnd().count) ?? 0)
    }
    #expect(count < size)
  }

  @Test("let a request in flight finish when the server ends, and accept no other")
  func drain() async throws {
    let began = AsyncStream<Void>.makeStream()
    let gate = AsyncStream<Void>.makeStream()
    let echo = try Echo { request in
      if !request.body.isEmpty {
        began.continuation.yield()
        for await _ in gate.stream { break }
      }
      return .whole(ServerReply(status: 200, body: request.body))
    }
    let port = echo.server.port
    let inFlight = Task {
      try await RawClient.with(port: port) { client in
        try client.send(post("finish me"))
        return String(decoding: try client.readToEnd(), as: UTF8.self)
      }
    }
    let idle = Task {
      try await RawClient.with(port: port) { client in
        try client.send(post(""))
        _ = try client.reply()
        began.continuation.yield()
        return try client.readToEnd()
      }
    }
    var count = 0
    for await _ in began.stream {
      count += 1
      if count == 2 { break }
    }
    let ending = Task { try await echo.end() }
    #expect(try await idle.value.isEmpty, "an idle connection is closed at once")
    gate.continuation.yield()
    let reply = try await inFlight.value
    #expect(reply.hasSuffix("Connection: close\r\n\r\nfinish me"))
    try await ending.value
    await #expect(throws: RawClient.Failure.self) {
      try await RawClient.with(port: port) { _ in }
    }
  }
}
