import FlyingSocks
import Glibc
import Model
import Synchronization

/// An HTTP/1.1 server that listens on 127.0.0.1 only.
///
/// It parses requests itself, on the sockets and event loop of FlyingSocks: everything that a
/// client can use (bytes, connections, time) has a limit (`HTTPLimits`), and a reply can be
/// corrupted on purpose.
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
    /// Whether the event loop has failed.
    var isBroken = false
    var drainStarted = Span.zero
    var accepting: Task<Void, Never>?
    var connections: [ObjectIdentifier: ConnectionWatch] = [:]
  }

  /// The error of a port that cannot be bound.
  struct Failure: Error {
    var port: UInt16
    var errno: Int32
  }

  /// Binds to `port` and listens; 0 picks a free port.
  ///
  /// - Throws: `Failure` with the errno of the system call that failed, or EADDRNOTAVAIL.
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

  /// Serves until `drain()` is called and the requests then in flight are answered.
  ///
  /// Throws if the event loop fails.
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

  /// Stops accepting connections and requests.
  ///
  /// May be called at any time, and more than once.
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

  /// The phases of the open connections, in no order.
  var phases: [ConnectionWatch.Phase] {
    state.withLock { Array($0.connections.values) }.map(\.phase)
  }

  private var isDraining: Bool { state.withLock { $0.isDraining } }

  // MARK: Connections

  private func acceptAll() async {
    // The group is not cancelled with the task: connections are served by tasks of their own.
    await withDiscardingTaskGroup { group in
      while !Task.isCancelled {
        do {
          let socket = try await listening.accept()
          group.addTask { await self.accept(socket) }
        } catch is CancellationError {
          return
        } catch {
          // Too many open files, or a client that disconnected before it was accepted: retry.
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

  /// Ends connections that take too long, and all that are left when the time for draining is over.
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
  /// Returns when the pool's actor has finished its current work.
  ///
  /// The pool resumes the task that waits for a socket before it takes the socket off its queue. If
  /// the socket were closed in between, its descriptor would stay marked as watched, and the next
  /// connection with the same number would wait for ever.
  @inline(never)
  fileprivate func settle() {
    // A call that does no work could be optimised away.
    sched_yield()
  }
}

/// The limits on one client's bytes, connections and time.
///
/// A client that exceeds one is refused with an error status or disconnected.
public struct HTTPLimits: Hashable, Sendable {
  /// The most bytes of a request line; more is status 414.
  public var requestLine = 8 * 1_024
  /// The most bytes of the request line and header fields together; more is status 431.
  public var head = 32 * 1_024
  /// The most header fields; more is status 431.
  public var fields = 100
  /// The most bytes of a body; more is status 413.
  ///
  /// The longest page token alone may have 100,000 characters.
  public var body = 1_024 * 1_024
  /// The most connections at once; one more is status 503.
  public var connections = 256
  /// The time from a request's first byte to its last; more is status 408.
  public var receiving = Span.seconds(20)
  /// The time between two requests, after which the connection is closed.
  public var idle = Span.seconds(60)
  /// The time to send a reply, after which the connection is closed.
  public var sending = Span.seconds(60)
  /// The time for which a refused client's further bytes are read.
  public var leaving = Span.seconds(2)
  /// The time for the requests in flight when the server is drained.
  public var draining = Span.seconds(10)

  /// Creates the default limits.
  public init() {}
}
