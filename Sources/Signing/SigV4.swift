import Model

/// AWS's Signature Version 4.
public enum SigV4 {
  public static let algorithm = "AWS4-HMAC-SHA256"

  /// A request's departures from what every JSON and Query service takes.
  public struct Options: Hashable, Sendable {
    /// S3 alone takes paths as they are.
    public var normalisesPath = true
    /// Adds `x-amz-content-sha256`.
    public var statesBodyDigest = false
    /// Adds the session token to the request after signing it.
    public var leavesTokenUnsigned = false

    public init() {}
  }

  /// A signed request, and what led to its signature.
  public struct Signed: Sendable {
    /// The request with its headers (or its query) added.
    public var request: SignableRequest
    /// Holds the session token: never logged.
    public var canonicalRequest: CanonicalRequest
    public var stringToSign: String
    public var signature: String
  }

  /// Signs by headers: adds `X-Amz-Security-Token` (of temporary keys), `X-Amz-Date` and
  /// `Authorization`. `request` must have its `Host`, and none of these.
  ///
  /// Every attempt is signed anew, with the time and the keys of its own.
  public static func sign(
    _ request: SignableRequest, keys: AccessKeys, region: String, service: String,
    at now: Timestamp, options: Options = Options()
  ) -> Signed {
    let time = SigningTime(now)
    var request = request
    let token = keys.sessionToken.map {
      (name: "X-Amz-Security-Token", value: $0.revealedText)
    }
    let firstAdded = request.headers.count
    if let token, !options.leavesTokenUnsigned { request.headers.append(token) }
    request.headers.append((name: "X-Amz-Date", value: time.text))
    if options.statesBodyDigest {
      request.headers.append((name: "x-amz-content-sha256", value: request.bodyDigest))
    }
    let names = SignedHeaders(of: request)
    let canonical = CanonicalRequest(
      request, signing: names, normalisesPath: options.normalisesPath)
    let scope = SigningScope(day: time.day, region: region, service: service)
    let stringToSign = stringToSign(canonical, time: time, scope: scope)
    let signature = SigningKey(keys.secret, scope: scope).signature(of: stringToSign)
    if let token, options.leavesTokenUnsigned { request.headers.insert(token, at: firstAdded) }
    request.headers.append(
      (
        name: "Authorization",
        value: "\(algorithm) Credential=\(keys.id)/\(scope.text), SignedHeaders=\(names.text), "
          + "Signature=\(signature)"
      ))
    return Signed(
      request: request, canonicalRequest: canonical, stringToSign: stringToSign,
      signature: signature)
  }

  static func stringToSign(
    _ canonical: CanonicalRequest, time: SigningTime, scope: SigningScope
  ) -> String {
    "\(algorithm)\n\(time.text)\n\(scope.text)\n\(canonical.digest)"
  }
}
