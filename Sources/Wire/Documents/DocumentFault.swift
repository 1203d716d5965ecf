/// Why a document holds no handshakes that could be shown.
public enum DocumentFault: Error, Hashable, Sendable {
  /// It is no JSON from the start on.
  case notJSON(JSONFault)
  /// Its handshakes are in the form of CloudTrail events (`arn`, `requestedTimestamp`, times as
  /// text), which is not the API's: names, times and addresses are changed in it.
  case cloudTrail(offset: Int)
  /// JSON, but neither a listing, nor a handshake.
  case noHandshakes(offset: Int)
}
