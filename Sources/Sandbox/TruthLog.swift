import Glibc
import Model
import Synchronization
import Text
import Wire

/// The truth log: kept in memory and, if a path is given, appended to a file as JSON lines.
final class TruthLog: Sendable {
  /// The number of entries kept in memory; beyond it the oldest tenth is dropped.
  static let kept = 100_000

  private struct State {
    var entries: [TruthEntry] = []
    /// The number of calls of each operation with a valid signature, including reads.
    var calls: [Operation: Int] = [:]
  }

  private let state = Mutex(State())
  /// The descriptor of the file; -1 if there is none.
  private let file: Int32

  /// The error of a file that cannot be opened.
  struct Failure: Error {
    var path: String
    var errno: Int32
  }

  /// Opens the log; a file at `path` is created with mode 0600 or appended to, nil means no file.
  ///
  /// - Throws: `Failure` with the errno if the file cannot be opened.
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

  /// Adds an entry to the log and its file.
  ///
  /// It returns before the client is answered, so an answered call is always in the log.
  func record(_ entry: TruthEntry) {
    let line = entry.json.json(.line) + [0x0A]
    state.withLock { state in
      state.entries.append(entry)
      if state.entries.count > Self.kept { state.entries.removeFirst(Self.kept / 10) }
      guard file >= 0 else { return }
      // One write under the lock, so that lines stay whole and in order.
      _ = line.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
    }
  }

  func clear() { state.withLock { $0 = State() } }

  var entries: [TruthEntry] { state.withLock { $0.entries } }

  func calls(of operation: Operation) -> Int { state.withLock { $0.calls[operation, default: 0] } }

  /// The log as `{"Entries": […], "Calls": {"AcceptHandshake": 3}}`.
  var json: JSONValue {
    let state = state.withLock { $0 }
    let calls = state.calls.sorted { $0.key.rawValue < $1.key.rawValue }
    return .members([
      ("Entries", .array(state.entries.map(\.json))),
      ("Calls", .members(calls.map { ($0.key.rawValue, .int($0.value)) })),
    ])
  }
}

/// The result of one call to a writing operation, to compare a client's own report with.
public struct TruthEntry: Hashable, Sendable {
  /// The store's time.
  public var time: Timestamp
  /// The id of the request, as the reply's `x-amzn-RequestId` has it.
  public var requestID: Untrusted
  /// The operation that was called.
  public var operation: Operation
  /// The account that signed the request.
  public var account: AccountID
  /// The id of the handshake that was answered or created; untrusted, as the client sent it.
  public var handshake: Untrusted?
  /// Whether the call was carried out, whatever reply the client got.
  ///
  /// Nil if the store failed while it committed, so that the result is unknown.
  public var isApplied: Bool?
  /// The name of the exception that the service replied with.
  public var exception: Untrusted?
  /// The name of the fault that replaced the call or its reply; delays are not named.
  public var fault: String?

  /// Creates an entry.
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
