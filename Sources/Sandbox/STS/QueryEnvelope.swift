import Model
import Wire

/// An error of STS.
struct QueryError: Error, Hashable, Sendable {
  var status: Int
  var code: String
  var message: String

  init(_ status: Int, _ code: String, _ message: String) {
    self.status = status
    self.code = code
    self.message = message
  }

  init(_ fault: AccessFault) {
    self.init(fault.query.status, fault.query.code, fault.message)
  }

  /// What the service says by a status alone.
  init(status: Int) {
    switch status {
    case 429: self.init(400, "Throttling", "Rate exceeded")
    case 503:
      self.init(
        503, "ServiceUnavailable",
        "The request has failed due to a temporary failure of the server.")
    default:
      self.init(
        status, "InternalFailure",
        "The request processing has failed because of an unknown error, exception or failure.")
    }
  }

  static func validation(_ message: String) -> QueryError {
    QueryError(400, "ValidationError", message)
  }
}

/// What is around every reply of STS.
struct QueryEnvelope: Hashable, Sendable {
  var requestID: String
  /// The service's time.
  var time: Timestamp

  private static let namespace = "https://sts.amazonaws.com/doc/2011-06-15/"

  /// - Parameter result: elements, as XML.
  func reply(_ action: String, _ result: String) -> ServerReply {
    reply(
      200,
      "<\(action)Response xmlns=\"\(Self.namespace)\">\n"
        + "  <\(action)Result>\(result)</\(action)Result>\n"
        + "  <ResponseMetadata>\(XMLText.element("RequestId", requestID))</ResponseMetadata>\n"
        + "</\(action)Response>\n")
  }

  func reply(_ error: QueryError) -> ServerReply {
    let type = error.status < 500 ? "Sender" : "Receiver"
    return reply(
      error.status,
      "<ErrorResponse xmlns=\"\(Self.namespace)\">\n  <Error>\n"
        + "    \(XMLText.element("Type", type))\n    \(XMLText.element("Code", error.code))\n"
        + "    \(XMLText.element("Message", error.message))\n  </Error>\n"
        + "  \(XMLText.element("RequestId", requestID))\n</ErrorResponse>\n")
  }

  private func reply(_ status: Int, _ text: String) -> ServerReply {
    ServerReply(
      status: status,
      fields: [
        ("x-amzn-RequestId", requestID), ("Content-Type", "text/xml"),
        ("Date", HTTPDate.text(time)),
      ], body: Array(text.utf8))
  }
}
