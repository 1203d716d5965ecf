import Model
import Text

/// Where it is noted what was asked of AWS. Gets no secret, no account, no address, no header and no
/// body: what an operation was about is not in it.
public struct CallLog: Sendable {
  let note: @Sendable (CallEvent) -> Void

  public init(_ note: @escaping @Sendable (CallEvent) -> Void) { self.note = note }

  public static let none = CallLog { _ in }
}

public enum CallEvent: Hashable, Sendable {
  case attempt(Attempt)
  /// Told once a server.
  case clock(Clock)

  /// One request and what came of it.
  public struct Attempt: Hashable, Sendable {
    public var operation: Operation
    /// From 1.
    public var number: Int
    public var host: String
    /// Nil without a reply.
    public var status: Int?
    /// The service's name for the error.
    public var code: Untrusted?
    /// Why there is no reply.
    public var failure: HTTPFailure.Kind?
    public var requestID: Untrusted?
    public var duration: Span
  }

  /// A server's clock is far from ours.
  public struct Clock: Hashable, Sendable {
    public var host: String
    public var ahead: Span
    /// Whether requests are signed by the server's time.
    public var isFollowed: Bool
  }
}
