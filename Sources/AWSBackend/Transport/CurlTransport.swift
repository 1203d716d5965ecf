import Glibc
import Synchronization
import Text

/// HTTP by libcurl, which is loaded at the first request; one thread then drives all of them.
///
/// No redirect is followed, no cookie kept, no environment variable read. Cancelling the task ends
/// the request at once. A response is whole, or it is a failure.
public final class CurlTransport: HTTPTransport {
  /// A response's body may not be longer.
  static let bodyCap = 16 << 20
  /// All headers of a response together.
  static let headerCap = 64 << 10

  private let library: String
  private let mailbox = Mutex<CurlMailbox?>(nil)

  public convenience init() { self.init(library: "libcurl.so.4") }

  init(library: String) { self.library = library }

  deinit { mailbox.withLock { $0?.post(.stop) } }

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

  /// What is on its way.
  var census: (queued: Int, running: Int) {
    mailbox.withLock { $0?.census ?? (queued: 0, running: 0) }
  }

  /// The way to the thread, which starts at the first call.
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

/// Carries what the thread starts with across `pthread_create`.
private final class CurlThread {
  private let mailbox: CurlMailbox
  private let library: String

  init(_ mailbox: CurlMailbox, library: String) {
    self.mailbox = mailbox
    self.library = library
  }

  /// Whether it could be started.
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
    // All of them: the program's go to its own thread, and a write to a closed connection is an
    // error here, not a SIGPIPE.
    var signals = sigset_t()
    sigfillset(&signals)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    CurlLoop(mailbox, CurlLibrary.open(library)).run()
  }
}

/// One request on its way through the library's thread, and who waits for its end. It is answered
/// exactly once.
final class CurlExchange: Sendable {
  typealias Outcome = Result<HTTPResponse, HTTPFailure>

  private enum State {
    case new
    case waiting(CheckedContinuation<Outcome, Never>)
    /// Still waiting, but for its end only.
    case leaving(CheckedContinuation<Outcome, Never>)
    case ended
  }

  let request: HTTPRequest
  private let state = Mutex(State.new)

  init(_ request: HTTPRequest) { self.request = request }

  /// False when it was cancelled before it began: then nothing is to be sent.
  func begin(_ continuation: CheckedContinuation<Outcome, Never>) -> Bool {
    state.withLock { state in
      guard case .new = state else { return false }
      state = .waiting(continuation)
      return true
    }
  }

  /// Whether the thread has to be told: not before the beginning, not after the end.
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
