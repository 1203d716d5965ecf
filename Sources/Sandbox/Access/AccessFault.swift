import Model

/// A request that is refused for its signature, in the words of the front end that all of AWS's
/// services share. Services of AWS JSON and of the Query protocol name them differently.
enum AccessFault: Error, Hashable, Sendable {
  /// No signature at all.
  case missing
  /// The signature's header lacks something, named by the detail.
  case incomplete(String)
  /// Nobody has this key; or its session token is missing, somebody else's or none.
  case unknownKey
  case expiredToken
  /// It does not match, or was made for another service.
  case mismatch(String)
  /// Its date is too far from the service's.
  case date(String)

  static let wrongSignature = AccessFault.mismatch(
    "The request signature we calculated does not match the signature you provided. Check your "
      + "AWS Secret Access Key and signing method. Consult the service documentation for details.")

  /// `__type` of an AWS JSON error; always with status 400.
  var jsonCode: String {
    switch self {
    case .missing: "MissingAuthenticationTokenException"
    case .incomplete: "IncompleteSignatureException"
    case .unknownKey: "UnrecognizedClientException"
    case .expiredToken: "ExpiredTokenException"
    case .mismatch, .date: "InvalidSignatureException"
    }
  }

  /// `Code` of a Query error, and its status.
  var query: (code: String, status: Int) {
    switch self {
    case .missing: ("MissingAuthenticationToken", 403)
    case .incomplete: ("IncompleteSignature", 400)
    case .unknownKey: ("InvalidClientTokenId", 403)
    case .expiredToken: ("ExpiredToken", 403)
    case .mismatch, .date: ("SignatureDoesNotMatch", 403)
    }
  }

  var message: String {
    switch self {
    case .missing: "Request is missing Authentication Token"
    case .incomplete(let detail), .mismatch(let detail), .date(let detail): detail
    case .unknownKey: "The security token included in the request is invalid."
    case .expiredToken: "The security token included in the request is expired"
    }
  }
}
