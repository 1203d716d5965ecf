import Model
import Text
import Wire

/// A request of one operation, with the functions that read its replies.
struct AWSCall<Value: Sendable>: Sendable {
  var operation: Operation
  /// The content type, and `X-Amz-Target` in AWS JSON.
  var headers: [(name: String, value: String)]
  var body: [UInt8]
  /// Reads the value from a 2xx reply; throws if the reply is not valid for the operation.
  var value: @Sendable (HTTPResponse) throws(ReplyFault) -> Value
  /// Reads the error from any other reply; nil if the reply is not from the service.
  var error: @Sendable (HTTPResponse) -> ServiceError?
  var isPaginated = false
}

/// A 2xx reply that is not valid for its operation.
struct ReplyFault: Error, Hashable {
  var detail: Untrusted

  init(_ detail: Untrusted) { self.detail = detail }

  init(_ fault: UnreadableReply) {
    if case .unreadable(let text) = fault.failure {
      detail = text
    } else {
      detail = Untrusted("unreadable")
    }
  }
}

extension AWSCall {
  /// Creates a call in the AWS JSON 1.1 protocol; `read` throws if the body of a 2xx reply is
  /// invalid.
  init(_ request: ServiceRequest, _ read: @escaping @Sendable ([UInt8]) throws(ReplyFault) -> Value)
  {
    self.init(
      operation: request.operation,
      headers: [
        ("Content-Type", ServiceProtocol.contentType),
        ("X-Amz-Target", ServiceProtocol.target(of: request.operation)),
      ], body: request.body,
      value: { (response) throws(ReplyFault) in try read(response.body) },
      error: { response in
        ServiceError(
          header: response.header(ServiceProtocol.errorTypeHeader), body: response.body)
      })
    if case .list = request { isPaginated = true }
  }
}

extension AWSCall<CallerIdentity> {
  /// The call of GetCallerIdentity, in STS's Query protocol.
  static var callerIdentity: AWSCall {
    let operation = Operation.getCallerIdentity
    return AWSCall(
      operation: operation, headers: [("Content-Type", QueryRequest.contentType)],
      body: QueryRequest(sts: operation.rawValue).body,
      value: { (response) throws(ReplyFault) in
        let reply = QueryReply(
          to: operation.rawValue, status: response.status, body: response.body)
        guard case .result(let result, _) = reply,
          let account = result["Account"].flatMap({ AccountID($0.text) }),
          let arn = result["Arn"]?.text, let user = result["UserId"]?.text
        else { throw ReplyFault(Untrusted("not a reply of STS")) }
        return CallerIdentity(userID: user, account: account, arn: arn)
      },
      error: { response in
        let reply = QueryReply(
          to: operation.rawValue, status: response.status, body: response.body)
        guard case .error(let code, let message, _) = reply else { return nil }
        return ServiceError(ServiceException(sts: code), message: message)
      })
  }
}

extension ServiceException {
  /// Creates an exception from an error code of STS.
  ///
  /// STS has its own names for errors that the front end of AWS's JSON services raises.
  init(sts code: Untrusted) {
    switch code.asciiText {
    case "ExpiredToken": self = .expiredToken
    case "SignatureDoesNotMatch": self = .invalidSignature
    case "InvalidClientTokenId": self = .unrecognizedClient
    case "AccessDenied": self = .accessDenied
    case "MissingAuthenticationToken": self = .missingAuthenticationToken
    case "OptInRequired": self = .optInRequired
    default: self = ServiceException(wireName: code)
    }
  }
}

/// The function that records the requests sent to AWS.
///
/// It receives no secret, account, e-mail address, request header or body, so that a record does
/// not show what an operation was about.
public struct CallLog: Sendable {
  let note: @Sendable (CallEvent) -> Void

  /// Creates a log that calls `note` for every event.
  public init(_ note: @escaping @Sendable (CallEvent) -> Void) { self.note = note }

  /// A log that records nothing.
  public static let none = CallLog { _ in }
}

/// An event in the communication with AWS.
public enum CallEvent: Hashable, Sendable {
  case attempt(Attempt)
  /// Reported once for each server.
  case clock(Clock)

  /// A single request and its result.
  public struct Attempt: Hashable, Sendable {
    /// The operation that was requested.
    public var operation: Operation
    /// The attempt's number within its call, from 1.
    public var number: Int
    /// The host of the endpoint, without scheme and path.
    public var host: String
    /// The HTTP status; nil without a reply.
    public var status: Int?
    /// The service's name for the error; nil if the reply has none.
    public var code: Untrusted?
    /// The reason why there is no reply; nil if there is one.
    public var failure: HTTPFailure.Kind?
    /// The reply's `x-amzn-RequestId`.
    public var requestID: Untrusted?
    /// The time from sending the request to its reply or failure, on the monotonic clock.
    public var duration: Span
  }

  /// A difference between a server's clock and ours that is large enough to report.
  public struct Clock: Hashable, Sendable {
    /// The host of the endpoint, without scheme and path.
    public var host: String
    /// The time by which the server's clock is ahead of ours; negative if it is behind.
    public var ahead: Span
    /// Whether requests are signed with the server's time; false if the difference is over 24
    /// hours.
    public var isFollowed: Bool
  }
}
