import Model
import Text

/// An error reply of the service.
public struct ServiceError: Error, Hashable, Sendable {
  /// The exception that the error code names.
  public var exception: ServiceException
  /// The member `Reason`, which only some exceptions have.
  public var reason: Reason?
  /// The service's message, which may be empty.
  public var message: Untrusted
  /// The member `Type` of TooManyRequestsException.
  public var throttleType: Untrusted?

  /// Combines the parts of an error.
  public init(
    _ exception: ServiceException, reason: Reason? = nil, message: Untrusted,
    throttleType: Untrusted? = nil
  ) {
    self.exception = exception
    self.reason = reason
    self.message = message
    self.throttleType = throttleType
  }

  /// The failure as backends report it, without `throttleType`.
  public var failure: BackendError.Failure {
    .service(exception, reason: reason, message: message)
  }

  /// The HTTP status: 500 for the service's own errors, 400 for the caller's.
  public var status: Int { exception == .service ? 500 : 400 }

  /// The JSON of the reply.
  public var body: [UInt8] {
    JSONValue.members([
      ("__type", .string(exception.wireName)),
      ("Message", .string(message)),
      ("Reason", reason.map { .string($0.wireName) }),
      ("Type", throttleType.map { .string($0) }),
    ]).json(.wire)
  }
}

extension ServiceError {
  /// Parses a reply whose status is not 2xx.
  ///
  /// The code is the header `x-amzn-ErrorType`, otherwise the member `code`, otherwise `__type`,
  /// without its namespace (`…#`) and without what follows a colon. The result is nil when there is
  /// no code: the reply is then not from the service (a proxy's page, an empty or cut body).
  ///
  /// - Parameters:
  ///   - header: The value of `x-amzn-ErrorType`, whatever the case of its name.
  ///   - body: The body of the reply.
  public init?(header: Untrusted?, body: [UInt8]) {
    let value = (try? JSONValue.read(body)) ?? .null
    let inBody = value["code"]?.string ?? value["__type"]?.string
    guard let code = header.flatMap(Self.bare) ?? inBody.flatMap(Self.bare) else { return nil }
    let message = value["message"]?.string ?? value["Message"]?.string ?? Untrusted("")
    self.init(
      ServiceException(wireName: code),
      reason: value["Reason"]?.string.map { Reason(wireName: $0) }, message: message,
      throttleType: value["Type"]?.string)
  }

  /// Returns the code without namespace and suffix; nil when nothing is left.
  ///
  /// `com.amazonaws.organizations#AccessDeniedException:http://…` is `AccessDeniedException`.
  private static func bare(_ code: Untrusted) -> Untrusted? {
    var text = code.bytes[...]
    // The colon first, because what follows it may contain a `#`.
    if let colon = text.firstIndex(of: Byte.colon) { text = text[..<colon] }
    if let hash = text.lastIndex(of: UInt8(ascii: "#")) { text = text[(hash + 1)...] }
    while text.first == 0x20 { text = text.dropFirst() }
    while text.last == 0x20 { text = text.dropLast() }
    return text.isEmpty ? nil : Untrusted(bytes: text)
  }
}

extension BackendError {
  /// Interprets a reply with an error status to `operation`.
  ///
  /// The code decides what happened. Only a refusal by the service itself proves that nothing was
  /// applied: one with a known code, or with the service's request id. With a status of 408 or from
  /// 500 the result is unknown even then.
  ///
  /// - Parameters:
  ///   - operation: The operation that was called.
  ///   - status: The HTTP status of the reply.
  ///   - header: The value of `x-amzn-ErrorType`.
  ///   - body: The body of the reply.
  ///   - requestID: The request id of the reply's headers.
  ///   - time: The time of the reply's `Date` header.
  public init(
    replyTo operation: Operation, status: Int, header: Untrusted?, body: [UInt8],
    requestID: Untrusted? = nil, time: Timestamp? = nil
  ) {
    self.init(
      replyTo: operation, status: status, error: ServiceError(header: header, body: body),
      requestID: requestID, time: time)
  }

  /// Interprets a reply with an error status to `operation`, whose error was parsed already.
  ///
  /// - Parameters:
  ///   - operation: The operation that was called.
  ///   - status: The HTTP status of the reply.
  ///   - error: The error; nil when the reply has no code. It is then not the service's own, and
  ///     the service may have applied the operation behind whoever answered.
  ///   - requestID: The request id of the reply's headers.
  ///   - time: The time of the reply's `Date` header.
  public init(
    replyTo operation: Operation, status: Int, error: ServiceError?,
    requestID: Untrusted? = nil, time: Timestamp? = nil
  ) {
    let isFault = status >= 500 || status == 408 || error?.exception == .service
    if let error {
      // A proxy may answer in JSON too, after the service has applied the operation.
      let isTheServices = requestID != nil || error.exception.unknownText == nil
      self.init(
        error.failure, in: operation, applied: isFault || !isTheServices ? .unknown : .refused,
        requestID: requestID, time: time)
    } else {
      let (words, applied) = Self.answerOfAnother(status)
      self.init(
        .unreadable(Untrusted(words)), in: operation, applied: applied, requestID: requestID,
        time: time)
    }
  }

  /// Describes a reply without an error code, and whether the operation may have been applied.
  ///
  /// A redirect, which is not followed, and a proxy's 407 did not reach the service.
  private static func answerOfAnother(_ status: Int) -> (words: String, applied: Applied) {
    switch status {
    case 300..<400:
      ("status \(status), a redirect, which is not followed", .refused)
    case 407: ("status 407: the proxy requires a user name and password", .refused)
    default: ("status \(status) without an error code: not a reply of the service", .unknown)
    }
  }
}
