import Foundation
import Glibc
import Synchronization

/// A TCP connection to the sandbox, byte by byte, on a separate thread: blocking here delays no
/// other task.
final class RawClient: Sendable {
  let descriptor: Int32
  /// The bytes after the last reply.
  private let rest = Mutex<[UInt8]>([])

  struct Failure: Error {
    var what: String
    var errno: Int32
  }

  /// The reply as far as it arrived.
  struct Reply: Hashable, Sendable {
    var status: Int
    /// Names in lower case.
    var fields: [String: String]
    var body: [UInt8]
    /// Fewer bytes than announced arrived before the end.
    var isCut: Bool

    var text: String { String(decoding: body, as: UTF8.self) }
  }

  /// Runs `body` with a new connection.
  static func with<Value: Sendable>(
    port: UInt16, _ body: @escaping @Sendable (RawClient) throws -> Value
  ) async throws -> Value {
    try await OwnThread.run {
      let client = try RawClient(port: port)
      defer { close(client.descriptor) }
      return try body(client)
    }
  }

  /// A second connection within `with`; its owner closes it.
  static func connected(_ port: UInt16) throws -> RawClient { try RawClient(port: port) }

  private init(port: UInt16) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var patience = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard descriptor >= 0, status == 0 else { throw Failure(what: "connect", errno: errno) }
  }

  func send(_ text: String) throws { try send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Failure(what: "send", errno: errno) }
      sent += count
    }
  }

  /// The available bytes; empty at the end.
  func read() throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = bytes.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
    guard count >= 0 else { throw Failure(what: "recv", errno: errno) }
    return Array(bytes[..<count])
  }

  /// Everything up to the end.
  func readToEnd() throws -> [UInt8] {
    var all: [UInt8] = []
    while true {
      let more = try read()
      if more.isEmpty { return all }
      all += more
    }
  }

  /// The next reply; nil when the connection ends before one begins.
  func reply() throws -> Reply? {
    var bytes = rest.withLock { $0 }
    var head: (Reply, Int, Int)?
    while true {
      if head == nil { head = Self.head(bytes) }
      if let (reply, start, length) = head, bytes.count >= start + length {
        var reply = reply
        reply.body = Array(bytes[start..<(start + length)])
        let end = start + length
        rest.withLock { $0 = Array(bytes[end...]) }
        return reply
      }
      let more = try read()
      if more.isEmpty {
        guard let (reply, start, _) = head else { return nil }
        var cut = reply
        cut.body = Array(bytes[start...])
        cut.isCut = true
        return cut
      }
      bytes += more
    }
  }

  private static func head(_ bytes: [UInt8]) -> (Reply, start: Int, length: Int)? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let end = text.range(of: "\r\n\r\n") else { return nil }
    let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
    var fields: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      fields[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    let status = Int(lines[0].split(separator: " ")[1]) ?? 0
    let start = text[..<end.upperBound].utf8.count
    return (
      Reply(status: status, fields: fields, body: [], isCut: false), start,
      Int(fields["content-length"] ?? "") ?? 0
    )
  }
}

/// Blocking work, outside the concurrency runtime's few threads.
enum OwnThread {
  static func run<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
  }
}
