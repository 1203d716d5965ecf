import FlyingSocks
import Glibc
import Model
import Synchronization

/// One client's connection; each request is answered before the next is read.
struct Connection {
  let socket: AsyncSocket
  let pool: any AsyncSocketPool
  let limits: HTTPLimits
  let watch: ConnectionWatch
  let isDraining: @Sendable () -> Bool
  let answer: @Sendable (ServerRequest) async -> Delivery

  /// Serves requests until the client disconnects, is refused, or the watch cancels the task.
  ///
  /// It does not close the socket.
  func serve() async {
    var buffer = ReceiveBuffer()
    do {
      while let (head, body) = try await receive(&buffer) {
        let request = ServerRequest(
          method: head.method, target: head.target, fields: head.fields, body: body)
        watch.enter(.answering)
        let delivery = await answer(request)
        watch.enter(.sending)
        let keepsAlive = head.keepsAlive && !isDraining()
        guard try await send(delivery, keepsAlive: keepsAlive) else { return }
        watch.enter(.idle)
      }
    } catch let refusal as HTTPRefusal {
      await refuse(refusal)
    } catch is CancellationError where watch.isLate && watch.phase == .receiving {
      await refuse(.late)
    } catch {
      // The client has disconnected.
    }
  }

  // MARK: Receiving

  /// Returns the next request; nil if the client has sent its last one.
  private func receive(
    _ buffer: inout ReceiveBuffer
  ) async throws -> (head: HTTPHead, body: [UInt8])? {
    if !buffer.isEmpty { watch.beginReceiving() }
    var head: HTTPHead?
    while head == nil {
      head = try buffer.takeHead(limits)
      if head == nil, try await !more(&buffer) { return nil }
    }
    guard let head else { return nil }
    if head.waitsForContinue, buffer.count < head.bodyLength {
      try await write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
    }
    while true {
      if let body = buffer.takeBody(head.bodyLength) { return (head, body) }
      guard try await more(&buffer) else { return nil }
    }
  }

  /// Reads the available bytes; returns false at the end of the client's bytes.
  private func more(_ buffer: inout ReceiveBuffer) async throws -> Bool {
    do {
      let bytes = try await socket.read(atMost: 4_096)
      watch.beginReceiving()
      buffer.append(bytes)
      return true
    } catch SocketError.disconnected {
      return false
    }
  }

  // MARK: Sending

  /// Sends a reply; returns false if the connection has to be closed after it.
  private func send(_ delivery: Delivery, keepsAlive: Bool) async throws -> Bool {
    switch delivery {
    case .whole(let reply):
      try await write(reply.head(keepsAlive: keepsAlive) + reply.body)
      return keepsAlive
    case .cut(let reply, let bytes):
      try await write(reply.head(keepsAlive: keepsAlive) + reply.body.prefix(bytes))
      return false
    case .trickled(let reply, let bytes, let pause):
      let all = reply.head(keepsAlive: keepsAlive) + reply.body
      for start in stride(from: 0, to: all.count, by: max(bytes, 1)) {
        try await Task.sleep(for: pause)
        try await write(Array(all[start..<min(start + max(bytes, 1), all.count)]))
      }
      return keepsAlive
    case .nothing:
      return false
    case .reset:
      // Closing with a linger time of zero sends a reset.
      var linger = linger(l_onoff: 1, l_linger: 0)
      setsockopt(
        socket.socket.file.rawValue, SOL_SOCKET, SO_LINGER, &linger,
        socklen_t(MemoryLayout.size(ofValue: linger)))
      return false
    }
  }

  private func write(_ bytes: [UInt8]) async throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(socket.socket.file.rawValue, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        sent += count
      } else if errno == EAGAIN || errno == EWOULDBLOCK {
        try await pool.suspendSocket(socket.socket, untilReadyFor: .write)
      } else if errno != EINTR {
        throw SocketError.disconnected
      }
    }
  }

  func refuse(_ refusal: HTTPRefusal) async {
    watch.enter(.sending)
    // SAFETY: a client that has disconnected cannot be told anything.
    try? await write(refusal.reply.head(keepsAlive: false) + refusal.reply.body)
    await goodbye()
  }

  /// Ends the sending side, then reads and discards what the client still sends.
  ///
  /// Unread bytes would make the kernel send a reset, which can overtake the reply.
  private func goodbye() async {
    watch.enter(.leaving)
    shutdown(socket.socket.file.rawValue, Int32(SHUT_WR))
    var left = 2 * limits.body
    while left > 0, let bytes = try? await socket.read(atMost: 4_096) { left -= bytes.count }
  }
}

/// The phase of one connection and its start, by which connections that take too long are ended.
final class ConnectionWatch: Sendable {
  enum Phase: Hashable {
    case idle
    case receiving
    /// The service works on the request; this phase is never interrupted.
    case answering
    case sending
    /// The client was refused and is still sending.
    case leaving
  }

  private struct State {
    var phase = Phase.idle
    var since: Span
    var isLate = false
    var task: Task<Void, Never>?
  }

  private let time: any TimeSource
  private let state: Mutex<State>

  init(_ time: any TimeSource) {
    self.time = time
    state = Mutex(State(since: time.uptime()))
  }

  /// Stores the task that serves the connection; called once.
  func hold(_ task: Task<Void, Never>) { state.withLock { $0.task = task } }

  func enter(_ phase: Phase) {
    let now = time.uptime()
    state.withLock {
      $0.phase = phase
      $0.since = now
    }
  }

  /// Starts the time limit of a request at its first byte.
  ///
  /// Later bytes, including empty lines, do not extend it.
  func beginReceiving() {
    let now = time.uptime()
    state.withLock {
      guard $0.phase == .idle else { return }
      $0.phase = .receiving
      $0.since = now
    }
  }

  var phase: Phase { state.withLock { $0.phase } }

  /// Whether a time limit of the connection was exceeded.
  var isLate: Bool { state.withLock { $0.isLate } }

  /// Cancels the connection if its phase has lasted too long.
  func check(_ limits: HTTPLimits) {
    let now = time.uptime()
    let late = state.withLock { state -> Task<Void, Never>? in
      let limit: Span
      switch state.phase {
      case .idle: limit = limits.idle
      case .receiving: limit = limits.receiving
      case .answering: return nil
      case .sending: limit = limits.sending
      case .leaving: limit = limits.leaving
      }
      guard now - state.since > limit else { return nil }
      state.isLate = true
      return state.task
    }
    late?.cancel()
  }

  /// Cancels the connection if no request is in progress.
  func endIfIdle() {
    let idle = state.withLock { $0.phase == .idle ? $0.task : nil }
    idle?.cancel()
  }

  func end() { state.withLock { $0.task }?.cancel() }
}
