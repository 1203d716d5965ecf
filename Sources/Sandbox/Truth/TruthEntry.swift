import Model
import Text
import Wire

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
