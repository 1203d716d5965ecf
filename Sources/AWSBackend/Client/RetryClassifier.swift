import Model
import Text
import Wire

/// Which failed reads are worth another attempt. (A write is never sent again.)
enum RetryClassifier {
  /// A reply with an error status. By its code first: statuses disagree from service to service.
  static func kind(status: Int, code: Untrusted?) -> RetryKind? {
    if let code = code?.asciiText {
      if throttling.contains(code) { return .throttling }
      if transient.contains(code) { return .transient }
    }
    if status == 429, code.map(isModelled) != true { return .throttling }
    return [500, 502, 503, 504].contains(status) ? .transient : nil
  }

  /// A request without a whole reply.
  static func kind(_ failure: HTTPFailure.Kind) -> RetryKind? {
    switch failure {
    case .nameLookup, .connect, .timeout, .interrupted: .transient
    case .unavailable, .forbidden, .tls, .untrusted, .certificates, .proxy, .tooLarge, .cancelled,
      .other:
      nil
    }
  }

  /// Whether the service's model has an error of this name: a 429 with one means what its name says.
  private static func isModelled(_ code: Untrusted) -> Bool {
    ServiceException(wireName: code).unknownText == nil
  }

  private static let throttling: Set = [
    "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException",
    "TooManyRequestsException", "ProvisionedThroughputExceededException",
    "TransactionInProgressException", "RequestLimitExceeded", "BandwidthLimitExceeded",
    "LimitExceededException", "RequestThrottled", "SlowDown", "PriorRequestNotComplete",
    "EC2ThrottledException",
  ]

  /// The last two: something else is changing the organization; STS could not reach a provider.
  private static let transient: Set = [
    "RequestTimeout", "RequestTimeoutException", "ConcurrentModificationException",
    "IDPCommunicationError",
  ]
}
