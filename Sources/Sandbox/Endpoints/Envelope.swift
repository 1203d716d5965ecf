import Model
import Text
import Wire

/// What is around every reply of AWS JSON: request id, date, content type.
struct Envelope: Hashable, Sendable {
  var requestID: String
  /// The service's time.
  var time: Timestamp

  func reply(_ status: Int, _ body: [UInt8]) -> ServerReply {
    ServerReply(
      status: status,
      fields: [
        ("x-amzn-RequestId", requestID), ("Content-Type", ServiceProtocol.contentType),
        ("Date", HTTPDate.text(time)),
      ], body: body)
  }

  func reply(_ error: ServiceError) -> ServerReply {
    var error = error
    // The service names what was throttled; botocore shows it.
    if error.exception == .tooManyRequests, error.throttleType == nil {
      error.throttleType = Untrusted("ACCOUNT")
    }
    return reply(error.status, error.body)
  }
}
