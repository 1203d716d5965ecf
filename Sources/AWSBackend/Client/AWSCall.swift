import Model
import Text
import Wire

/// One request of an operation, and how its replies are read.
struct AWSCall<Value: Sendable>: Sendable {
  var operation: Operation
  /// The content type, and the target where the protocol has one.
  var headers: [(name: String, value: String)]
  var body: [UInt8]
  /// What a 2xx reply says.
  var value: @Sendable (HTTPResponse) throws(ReplyFault) -> Value
  /// What any other says; nil when it is not the service's.
  var error: @Sendable (HTTPResponse) -> ServiceError?
  var isPaginated = false
}

/// A 2xx reply that is not what its operation answers with.
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
  /// In AWS JSON 1.1.
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
  /// STS's, in the Query protocol.
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
  /// STS has names of its own for what the front end of JSON services says.
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
