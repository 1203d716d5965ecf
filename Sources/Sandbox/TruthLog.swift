import Glibc
import Model
import Synchronization
import Text
import Wire

/// The truth log: kept in memory, and written to a file as JSON lines when one was named.
final class TruthLog: Sendable {
  /// The oldest entries go when there are more.
  static let kept = 100_000

  private struct State {
    var entries: [TruthEntry] = []
    /// Every call that arrived, reads too.
    var calls: [Operation: Int] = [:]
  }

  private let state = Mutex(State())
  /// -1 without a file.
  private let file: Int32

  /// The file cannot be written.
  struct Failure: Error {
    var path: String
    var errno: Int32
  }

  /// - Parameter path: a file that is made (0600) or appended to.
  init(_ path: String?) throws(Failure) {
    guard let path else {
      file = -1
      return
    }
    file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw Failure(path: path, errno: errno) }
  }

  deinit { if file >= 0 { close(file) } }

  func count(_ operation: Operation) { state.withLock { $0.calls[operation, default: 0] += 1 } }

  /// Kept, and in the file, when this returns: before the client is answered.
  func record(_ entry: TruthEntry) {
    let line = entry.json.json(.line) + [0x0A]
    state.withLock { state in
      state.entries.append(entry)
      if state.entries.count > Self.kept { state.entries.removeFirst(Self.kept / 10) }
      guard file >= 0 else { return }
      // In one write under the lock, so that lines stay whole and in order.
      _ = line.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
    }
  }

  func clear() { state.withLock { $0 = State() } }

  var entries: [TruthEntry] { state.withLock { $0.entries } }

  func calls(of operation: Operation) -> Int { state.withLock { $0.calls[operation, default: 0] } }

  /// `{"Entries": […], "Calls": {"AcceptHandshake": 3}}`
  var json: JSONValue {
    let state = state.withLock { $0 }
    let calls = state.calls.sorted { $0.key.rawValue < $1.key.rawValue }
    return .members([
      ("Entries", .array(state.entries.map(\.json))),
      ("Calls", .members(calls.map { ($0.key.rawValue, .int($0.value)) })),
    ])
  }
}

/// What became of one call that would change something: the truth that a client's own report is
/// held against.
public struct TruthEntry: Hashable, Sendable {
  /// The store's time.
  public var time: Timestamp
  public var requestID: Untrusted
  public var operation: Operation
  public var account: AccountID
  /// The handshake that was answered, or made.
  public var handshake: Untrusted?
  /// Whether it was carried out, whatever the client was told; nil when the store failed while it
  /// committed and nobody knows.
  public var isApplied: Bool?
  /// The service's refusal.
  public var exception: Untrusted?
  /// What was done to the call or to its reply.
  public var fault: String?

  public init(
    time: Timestamp, requestID: Untrusted, operation: Operation, account: AccountID,
    handshake: Untrusted?, isApplied: Bool?, exception: Untrusted? = nil, fault: String? = nil
  ) {
    self.time = time
    self.requestID = requestID
    self.operation = operation
    self.account = account
    self.handshake = handshake
    self.isApplied = isApplied
    self.exception = exception
    self.fault = fault
  }

  var json: JSONValue {
    .members([
      ("Time", .text(time.journalText)),
      ("RequestId", .string(requestID)),
      ("Operation", .text(operation.rawValue)),
      ("Account", .text(account.text)),
      ("HandshakeId", handshake.map { .string($0) }),
      ("Applied", isApplied.map { .bool($0) } ?? .null),
      ("Exception", exception.map { .string($0) }),
      ("Fault", fault.map { .text($0) }),
    ])
  }
}
