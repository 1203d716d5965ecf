import Model
import Text

/// An error of the service on the wire.
public struct ServiceError: Error, Hashable, Sendable {
  public var exception: ServiceException
  /// Only some exceptions have one.
  public var reason: Reason?
  public var message: Untrusted
  /// TooManyRequestsException's member `Type`.
  public var throttleType: Untrusted?

  public init(
    _ exception: ServiceException, reason: Reason? = nil, message: Untrusted,
    throttleType: Untrusted? = nil
  ) {
    self.exception = exception
    self.reason = reason
    self.message = message
    self.throttleType = throttleType
  }

  public var failure: BackendError.Failure {
    .service(exception, reason: reason, message: message)
  }

  /// 500 for the service's own faults, 400 for the caller's.
  public var status: Int { exception == .service ? 500 : 400 }

  /// The reply's body.
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
  /// Reads a reply whose status is not 2xx.
  ///
  /// The code is the header `x-amzn-ErrorType`, else the member `code`, else `__type`, without its
  /// namespace (`…#`) and without what follows a colon. Nil when there is none: the reply is then
  /// not from the service (a proxy's page, an empty or cut body).
  /// - Parameter header: the value of `x-amzn-ErrorType`, whatever the case of its name.
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

  /// `com.amazonaws.organizations#AccessDeniedException:http://…` is `AccessDeniedException`.
  private static func bare(_ code: Untrusted) -> Untrusted? {
    var text = code.bytes[...]
    // The colon first: what follows it may hold a `#`.
    if let colon = text.firstIndex(of: Byte.colon) { text = text[..<colon] }
    if let hash = text.lastIndex(of: UInt8(ascii: "#")) { text = text[(hash + 1)...] }
    while text.first == 0x20 { text = text.dropFirst() }
    while text.last == 0x20 { text = text.dropLast() }
    return text.isEmpty ? nil : Untrusted(bytes: text)
  }
}

extension BackendError {
  /// What a reply with an error status means for `operation`.
  ///
  /// The code decides what happened, not the status; but only a refusal by the service itself proves
  /// that nothing was applied: one with a code that it is known for, or with its request id.
  public init(
    replyTo operation: Operation, status: Int, header: Untrusted?, body: [UInt8],
    requestID: Untrusted? = nil, time: Timestamp? = nil
  ) {
    self.init(
      replyTo: operation, status: status, error: ServiceError(header: header, body: body),
      requestID: requestID, time: time)
  }

  /// - Parameter error: Nil when there is no code in the reply: it is then not the service's own, and
  ///   the service may have done its part behind whoever answered.
  public init(
    replyTo operation: Operation, status: Int, error: ServiceError?,
    requestID: Untrusted? = nil, time: Timestamp? = nil
  ) {
    let isFault = status >= 500 || status == 408 || error?.exception == .service
    if let error {
      // Whoever stands between may answer in JSON too, after the service has done its part.
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

  private static func answerOfAnother(_ status: Int) -> (words: String, applied: Applied) {
    switch status {
    case 300..<400:
      ("status \(status), a redirect, which is not followed", .refused)
    case 407: ("status 407: the proxy requires a user name and password", .refused)
    default: ("status \(status) without an error code: not a reply of the service", .unknown)
    }
  }
}
