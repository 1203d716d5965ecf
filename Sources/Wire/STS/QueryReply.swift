import Text

/// A reply of the AWS Query protocol, read.
public enum QueryReply: Hashable, Sendable {
  /// `<ActionResponse><ActionResult>`: the result, and the request's id.
  case result(XMLElement, requestID: Untrusted?)
  case error(code: Untrusted, message: Untrusted, requestID: Untrusted?)

  /// Reads what came back for `action`. Nil: it is not from the service (a proxy's page, a cut body,
  /// the answer to something else), or has one element twice, of which either might count.
  public init?(to action: String, status: Int, body: [UInt8]) {
    guard let root = try? XMLElement.read(body), !root.repeatsAnElement else { return nil }
    if (200..<300).contains(status) {
      guard root.name == Untrusted(action + "Response"), let result = root[action + "Result"]
      else { return nil }
      self = .result(result, requestID: root["ResponseMetadata"]?["RequestId"]?.text)
      return
    }
    // One error is wrapped once more by some servers (`<Response><Errors><Error>`).
    guard let error = root["Error"] ?? root["Errors"]?["Error"],
      let code = error["Code"]?.text, !code.isEmpty
    else { return nil }
    self = .error(
      code: code, message: error["Message"]?.text ?? Untrusted(""),
      requestID: (root["RequestId"] ?? root["RequestID"])?.text)
  }
}
