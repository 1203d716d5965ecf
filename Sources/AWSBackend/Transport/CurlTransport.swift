import Glibc
import Synchronization
import Text

/// An HTTP transport that uses libcurl, which is loaded at the first request; one thread runs all
/// requests.
///
/// It follows no redirect, keeps no cookie and reads no environment variable. Cancelling the task
/// ends the request at once. A response that is not complete is a failure.
public final class CurlTransport: HTTPTransport {
  /// The largest body of a response, 16 MiB.
  static let bodyCap = 16 << 20
  /// The largest size of all headers of a response together, 64 KiB.
  static let headerCap = 64 << 10

  private let library: String
  private let mailbox = Mutex<CurlMailbox?>(nil)

  /// Creates a transport with `libcurl.so.4`; loads nothing yet.
  public convenience init() { self.init(library: "libcurl.so.4") }

  init(library: String) { self.library = library }

  deinit { mailbox.withLock { $0?.post(.stop) } }

  /// Sends a request once.
  ///
  /// - Throws: `HTTPFailure` if libcurl, a thread or a descriptor is not available, the request is
  ///   invalid or not allowed, no complete response arrives within the limits, or the task is
  ///   cancelled.
  public func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    let mailbox = try thread()
    let exchange = CurlExchange(request)
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if exchange.begin(continuation) {
          mailbox.post(.start(exchange))
        } else {
          continuation.resume(returning: .failure(.cancelled(sent: false)))
        }
      }
    } onCancel: {
      if exchange.cancel() { mailbox.post(.cancel(exchange)) }
    }
    return try outcome.get()
  }

  /// The numbers of queued commands and running transfers.
  var census: (queued: Int, running: Int) {
    mailbox.withLock { $0?.census ?? (queued: 0, running: 0) }
  }

  /// Returns the queue of the thread, which starts at the first call.
  ///
  /// - Throws: `HTTPFailure` with `.unavailable` if no thread or descriptor is available.
  private func thread() throws(HTTPFailure) -> CurlMailbox {
    let library = library
    let opened = mailbox.withLock { mailbox -> CurlMailbox? in
      if mailbox == nil, let made = CurlMailbox(), CurlThread(made, library: library).start() {
        mailbox = made
      }
      return mailbox
    }
    guard let opened else {
      throw HTTPFailure(
        .unavailable, sent: false, detail: Untrusted("no thread or file descriptor available"))
    }
    return opened
  }
}

extension HTTPFailure {
  static func cancelled(sent: Bool) -> HTTPFailure {
    HTTPFailure(.cancelled, sent: sent, detail: Untrusted("cancelled"))
  }
}

/// The thread's start values, carried through `pthread_create`.
private final class CurlThread {
  private let mailbox: CurlMailbox
  private let library: String

  init(_ mailbox: CurlMailbox, library: String) {
    self.mailbox = mailbox
    self.library = library
  }

  /// Starts the thread, and returns false if that fails.
  func start() -> Bool {
    let carried = Unmanaged.passRetained(self)
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        let carried = Unmanaged<CurlThread>.fromOpaque(context).takeRetainedValue()
        carried.run()
        return nil
      }, carried.toOpaque())
    guard failure == 0 else {
      carried.release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  private func run() {
    // All of them: the program handles signals on its own thread, and a write to a closed
    // connection is an error here, not a SIGPIPE.
    var signals = sigset_t()
    sigfillset(&signals)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    CurlLoop(mailbox, CurlLibrary.open(library)).run()
  }
}

/// A request in the library's thread, with the task that waits for its result.
///
/// It is answered exactly once.
final class CurlExchange: Sendable {
  typealias Outcome = Result<HTTPResponse, HTTPFailure>

  private enum State {
    case new
    case waiting(CheckedContinuation<Outcome, Never>)
    /// Cancelled; the task still waits for the end of the transfer.
    case leaving(CheckedContinuation<Outcome, Never>)
    case ended
  }

  let request: HTTPRequest
  private let state = Mutex(State.new)

  init(_ request: HTTPRequest) { self.request = request }

  /// Begins the exchange; false if it was cancelled before, so that nothing may be sent.
  func begin(_ continuation: CheckedContinuation<Outcome, Never>) -> Bool {
    state.withLock { state in
      guard case .new = state else { return false }
      state = .waiting(continuation)
      return true
    }
  }

  /// Marks the exchange as cancelled, and returns whether the thread must be told: only between
  /// beginning and end.
  func cancel() -> Bool {
    state.withLock { state in
      switch state {
      case .new:
        state = .ended
        return false
      case .waiting(let continuation):
        state = .leaving(continuation)
        return true
      case .leaving, .ended: return false
      }
    }
  }

  var isCancelled: Bool {
    state.withLock { state in
      if case .waiting = state { return false }
      return true
    }
  }

  func end(_ outcome: Outcome) {
    let waiting = state.withLock { state -> CheckedContinuation<Outcome, Never>? in
      defer { state = .ended }
      switch state {
      case .waiting(let continuation), .leaving(let continuation): return continuation
      case .new, .ended: return nil
      }
    }
    waiting?.resume(returning: outcome)
  }
}
