import Foundation
import Glibc
import Model
import Synchronization

@testable import AWSBackend

/// A TCP server on loopback that handles each connection as a test says, on its own thread.
final class LoopbackServer: Sendable {
  struct Failure: Error {}

  let port: Int
  private let listener: Int32
  private let log = Mutex(Log())

  private struct Log {
    var requests: [String] = []
    var connections = 0
  }

  init(_ serve: @escaping @Sendable (LoopbackConnection) -> Void) throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let isBound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 128) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    port = Int(UInt16(bigEndian: address.sin_port))
    guard isBound else { throw Failure() }
    Thread.detachNewThread { [weak self] in
      while true {
        let descriptor = accept(listener, nil, nil)
        guard descriptor >= 0, let self else { return }
        self.log.withLock { $0.connections += 1 }
        let connection = LoopbackConnection(descriptor: descriptor) { [weak self] request in
          self?.log.withLock { $0.requests.append(request) }
        }
        Thread.detachNewThread {
          serve(connection)
          close(descriptor)
        }
      }
    }
  }

  /// Answers every request with the same bytes and keeps the connection open.
  convenience init(answering answer: String) throws {
    try self.init { connection in
      while connection.readRequest() != nil, connection.write(answer) {}
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  var url: String { "http://127.0.0.1:\(port)/" }
  var requests: [String] { log.withLock { $0.requests } }
  var connections: Int { log.withLock { $0.connections } }

  /// Returns a port on which nothing listens: it was free a moment ago.
  static func closedPort() throws -> Int {
    let server = try LoopbackServer { _ in }
    return server.port
  }
}

/// The server's side of one connection.
struct LoopbackConnection: Sendable {
  let descriptor: Int32
  let record: @Sendable (String) -> Void

  /// Head and body of the next request; nil at the end.
  func readRequest() -> String? {
    var bytes: [UInt8] = []
    var wanted: Int?
    while true {
      if wanted == nil, let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        let length = head.lowercased().split(separator: "\r\n")
          .first { $0.hasPrefix("content-length:") }
          .flatMap { Int($0.dropFirst(15).drop { $0 == " " }) }
        wanted = end.upperBound + (length ?? 0)
      }
      if let wanted, bytes.count >= wanted {
        let request = String(decoding: bytes, as: UTF8.self)
        record(request)
        return request
      }
      var part = [UInt8](repeating: 0, count: 65_536)
      let count = read(descriptor, &part, part.count)
      guard count > 0 else { return nil }
      bytes += part.prefix(count)
    }
  }

  /// Returns whether all of it was accepted.
  @discardableResult
  func write(_ text: String) -> Bool { write(Array(text.utf8)) }

  @discardableResult
  func write(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Ends the connection with RST instead of FIN, when it is closed.
  func reset() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
  }

  /// Waits until the other side has closed.
  func waitForEnd() {
    var byte: UInt8 = 0
    while read(descriptor, &byte, 1) > 0 {}
  }
}

extension LoopbackConnection {
  /// A pause that makes a slow transfer; no test depends on its length.
  func pause() { poll(nil, 0, 5) }

  /// Carries bytes both ways between this connection and a port, until one side ends.
  func tunnel(to port: Int) {
    let onward = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
    defer { close(onward) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    address.sin_port = UInt16(port).bigEndian
    let isConnected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(onward, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected else { return }
    var part = [UInt8](repeating: 0, count: 65_536)
    while true {
      var ends = [descriptor, onward].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      guard poll(&ends, 2, -1) > 0 else { return }
      for (from, to) in [(0, onward), (1, descriptor)] where ends[from].revents != 0 {
        let count = read(ends[from].fd, &part, part.count)
        guard count > 0 else { return }
        LoopbackConnection(descriptor: to) { _ in }.write(Array(part.prefix(count)))
      }
    }
  }
}

extension HTTPRequest {
  /// A request for a test that does not measure time: the machine may be busy with other tests.
  static func patient(
    _ method: String, _ url: String, headers: [(name: String, value: String)] = [],
    body: [UInt8] = []
  ) -> HTTPRequest {
    var request = HTTPRequest(method, url, headers: headers, body: body)
    request.connectTimeout = .seconds(60)
    request.attemptTimeout = .seconds(60)
    return request
  }
}
