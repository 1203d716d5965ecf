import FlyingSocks
import Glibc
import Model
import Synchronization

/// An HTTP/1.1 server on 127.0.0.1, and nowhere else.
///
/// It parses requests itself on FlyingSocks' sockets and event loop: every byte, place and second
/// that a client may take has a bound (`HTTPLimits`), and a reply can be spoilt on purpose.
final class LoopbackServer: Sendable {
  let port: UInt16
  private let listening: AsyncSocket
  private let pool: SocketPool<ePoll>
  private let limits: HTTPLimits
  private let time: any TimeSource
  private let answer: @Sendable (ServerRequest) async -> Delivery
  private let state = Mutex(State())

  private struct State {
    var isDraining = false
    /// The event loop ended by itself.
    var isBroken = false
    var drainStarted = Span.zero
    var accepting: Task<Void, Never>?
    var connections: [ObjectIdentifier: ConnectionWatch] = [:]
  }

  /// The port cannot be had.
  struct Failure: Error {
    var port: UInt16
    var errno: Int32
  }

  /// Binds and listens. 0 picks a free port.
  init(
    port: UInt16, limits: HTTPLimits = HTTPLimits(), time: any TimeSource,
    answer: @escaping @Sendable (ServerRequest) async -> Delivery
  ) throws(Failure) {
    do {
      let socket = try Socket(domain: AF_INET, type: .stream)
      try socket.setValue(true, for: .localAddressReuse)
      try socket.bind(to: .inet(ip4: "127.0.0.1", port: port))
      try socket.listen()
      guard case .ip4("127.0.0.1", let bound) = try socket.sockname() else {
        throw SocketError.unsupportedAddress
      }
      _ = fcntl(socket.file.rawValue, F_SETFD, FD_CLOEXEC)
      pool = .ePoll(maxEvents: 64)
      listening = try AsyncSocket(socket: socket, pool: pool)
      self.port = bound
    } catch SocketError.failed(_, let number, _) {
      throw Failure(port: port, errno: number)
    } catch { throw Failure(port: port, errno: EADDRNOTAVAIL) }
    self.limits = limits
    self.time = time
    self.answer = answer
  }

  /// Serves until `drain()`, and until the requests in flight then are through. Throws when the
  /// event loop breaks down.
  func run() async throws {
    try await pool.prepare()
    let polling = Task { await self.poll() }
    let watching = Task { await self.watch() }
    let accepting = Task { await self.acceptAll() }
    let isDraining = state.withLock { state -> Bool in
      state.accepting = accepting
      return state.isDraining
    }
    if isDraining { accepting.cancel() }
    await accepting.value
    watching.cancel()
    polling.cancel()
    await polling.value
    try? listening.close()
    if state.withLock({ $0.isBroken }) { throw SocketError.disconnected }
  }

  private func poll() async {
    do { try await pool.run() } catch {
      guard !Task.isCancelled else { return }
      state.withLock { $0.isBroken = true }
      drain()
    }
  }

  /// Takes no more connections and no more requests. May be called at any time, more than once.
  func drain() {
    let now = time.uptime()
    let (accepting, watches) = state.withLock { state in
      if !state.isDraining { state.drainStarted = now }
      state.isDraining = true
      return (state.accepting, Array(state.connections.values))
    }
    accepting?.cancel()
    for watch in watches { watch.endIfIdle() }
  }

  /// What each connection is at.
  var phases: [ConnectionWatch.Phase] {
    state.withLock { Array($0.connections.values) }.map(\.phase)
  }

  private var isDraining: Bool { state.withLock { $0.isDraining } }

  // MARK: Connections

  private func acceptAll() async {
    // The group outlives its own cancelled task: connections are tasks of their own.
    await withDiscardingTaskGroup { group in
      while !Task.isCancelled {
        do {
          let socket = try await listening.accept()
          group.addTask { await self.accept(socket) }
        } catch is CancellationError {
          return
        } catch {
          // Too many files, or a client that went before it was taken: others may do better.
          try? await Task.sleep(for: .milliseconds(20))
        }
      }
    }
  }

  private func accept(_ socket: AsyncSocket) async {
    var on: Int32 = 1
    setsockopt(socket.socket.file.rawValue, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(4))
    _ = fcntl(socket.socket.file.rawValue, F_SETFD, FD_CLOEXEC)
    let watch = ConnectionWatch(time)
    let isFull = state.withLock { state -> Bool in
      guard state.connections.count < limits.connections else { return true }
      state.connections[ObjectIdentifier(watch)] = watch
      return false
    }
    let connection = Connection(
      socket: socket, pool: pool, limits: limits, watch: watch,
      isDraining: { self.isDraining }, answer: answer)
    let serving = Task {
      if isFull { await connection.refuse(.full) } else { await connection.serve() }
    }
    watch.hold(serving)
    if isDraining { watch.endIfIdle() }
    await serving.value
    state.withLock { _ = $0.connections.removeValue(forKey: ObjectIdentifier(watch)) }
    await pool.settle()
    try? socket.close()
  }

  /// Ends connections that take too long, and at the end of draining all that are left.
  private func watch() async {
    while !Task.isCancelled {
      try? await Task.sleep(for: .milliseconds(50))
      let now = time.uptime()
      let (watches, isOver) = state.withLock { state in
        (
          Array(state.connections.values),
          state.isDraining && now - state.drainStarted > limits.draining
        )
      }
      for watch in watches {
        if isOver { watch.end() } else { watch.check(limits) }
      }
    }
  }
}

extension SocketPool {
  /// Returns when what the pool was doing is done.
  ///
  /// It resumes whoever waits for a socket before it takes the socket off its queue. A socket that is
  /// closed in between leaves its number marked as watched, and the next connection of that number
  /// would wait for ever.
  @inline(never)
  fileprivate func settle() {
    // Something to do on the actor: a call without any could be left out by the optimiser.
    sched_yield()
  }
}

/// What clients may take of the server: bytes, places and time. Whoever takes more is told so and
/// cut off.
public struct HTTPLimits: Hashable, Sendable {
  /// Bytes of the request line; more is 414.
  public var requestLine = 8 * 1_024
  /// Bytes of the request line and the header fields; more is 431.
  public var head = 32 * 1_024
  /// Header fields; more is 431.
  public var fields = 100
  /// Bytes of a body; more is 413. The longest token alone may have 100,000 characters.
  public var body = 1_024 * 1_024
  /// Connections at once; one more is 503.
  public var connections = 256
  /// From a request's first byte to its last; later is 408.
  public var receiving = Span.seconds(20)
  /// Between two requests; then the connection is closed.
  public var idle = Span.seconds(60)
  /// From a reply's first byte to its last; then the connection is closed.
  public var sending = Span.seconds(60)
  /// From the end of a refusal to the end of what the client still sends.
  public var leaving = Span.seconds(2)
  /// For the requests in flight when the server ends.
  public var draining = Span.seconds(10)

  public init() {}
}
