import Model
import Text

/// Verifies the signature of a request as AWS does: the sandbox's side of `SigV4`.
public struct SignatureVerifier: Sendable {
  /// The signing name of the service that was called.
  public var service: String
  /// The regions that the service accepts; nil for any.
  public var regions: Set<String>?
  /// Whether `.`, `..` and empty segments of the path are resolved before hashing; false for S3.
  public var normalisesPath = true
  /// The largest accepted difference between a request's time and `now`, either way.
  public var tolerance = Span.minutes(15)

  /// Verifies requests to `service`, in any region when `regions` is nil.
  public init(service: String, regions: Set<String>? = nil) {
    self.service = service
    self.regions = regions
  }

  /// Returns the claim of a request whose signature is valid.
  ///
  /// - Parameters:
  ///   - request: The request as it was received.
  ///   - now: The verifier's time, which the request's time is compared with.
  ///   - keys: Returns the credentials that a key id belongs to; nil for an unknown id.
  /// - Returns: The verified claim.
  /// - Throws: The first `SignatureFault` that is found. The header is checked first, then the
  ///   signed headers, the scope and time, the key id, the session token, and the signature last.
  @discardableResult
  public func verify(
    _ request: SignableRequest, now: Timestamp, keys: (Untrusted) -> AccessKeys?
  ) throws(SignatureFault) -> SignatureClaim {
    let claim = try SignatureClaim(request)
    try checkHeaders(claim, of: request)
    try checkScope(claim, now: now)
    guard let keys = keys(claim.keyID) else { throw .unknownKey(claim.keyID) }
    guard keys.sessionToken.map(\.revealed) == claim.token else { throw .token }
    let canonical = CanonicalRequest(
      request, signing: claim.headers, normalisesPath: normalisesPath)
    let stringToSign = SigV4.stringToSign(canonical, time: claim.time, scope: claim.scope)
    guard
      SigningKey(keys.secret, scope: claim.scope).isSignature(claim.signature, of: stringToSign)
    else { throw .mismatch }
    return claim
  }

  private func checkHeaders(
    _ claim: SignatureClaim, of request: SignableRequest
  ) throws(SignatureFault) {
    guard claim.headers.contains("host") else { throw .hostUnsigned }
    let sent = Set(request.headers.map { $0.name.utf8.asciiLowercased })
    if let absent = claim.headers.names.first(where: { !sent.contains($0) }) {
      throw .headerNotSent(Untrusted(bytes: absent))
    }
  }

  private func checkScope(
    _ claim: SignatureClaim, now: Timestamp
  ) throws(SignatureFault) {
    let scope = claim.scope
    guard Array(scope.day.utf8) == Array(claim.time.day.utf8) else {
      throw .otherDay(scope: Untrusted(scope.day), request: claim.time)
    }
    if claim.time.instant + tolerance < now { throw .expired(request: claim.time) }
    if now + tolerance < claim.time.instant { throw .notYetCurrent(request: claim.time) }
    if let regions, !regions.contains(scope.region) { throw .otherRegion(Untrusted(scope.region)) }
    guard Array(scope.service.utf8) == Array(service.utf8) else {
      throw .otherService(Untrusted(scope.service))
    }
  }
}

extension SigV4 {
  /// Verifies the signature of a request; see `SignatureVerifier`.
  ///
  /// - Parameters:
  ///   - request: The request as it was received.
  ///   - service: The signing name of the service that was called.
  ///   - regions: The regions that the service accepts; nil for any.
  ///   - now: The verifier's time, which the request's time is compared with.
  ///   - keys: Returns the credentials that a key id belongs to; nil for an unknown id.
  /// - Returns: The verified claim.
  /// - Throws: The first `SignatureFault` that `SignatureVerifier.verify` finds.
  @discardableResult
  public static func verify(
    _ request: SignableRequest, service: String, regions: Set<String>? = nil, now: Timestamp,
    keys: (Untrusted) -> AccessKeys?
  ) throws(SignatureFault) -> SignatureClaim {
    try SignatureVerifier(service: service, regions: regions).verify(request, now: now, keys: keys)
  }
}

/// The signature that a request's headers state, before any of it is verified.
public struct SignatureClaim: Sendable {
  /// The access key id of `Credential`, as the client wrote it.
  public let keyID: Untrusted
  /// The scope of `Credential`; its parts are not checked here.
  public let scope: SigningScope
  /// The names of `SignedHeaders`.
  public let headers: SignedHeaders
  /// The time of `X-Amz-Date`.
  public let time: SigningTime
  /// The 32 bytes of `Signature`.
  let signature: [UInt8]
  /// The value of `X-Amz-Security-Token`; nil when it was not sent.
  let token: [UInt8]?

  /// Parses the Authorization and `X-Amz-Date` headers of a request.
  ///
  /// - Parameter request: The request as it was received.
  /// - Throws: `SignatureFault.absent` without an Authorization header, `otherAlgorithm` when it
  ///   does not begin with AWS4-HMAC-SHA256, and `incomplete` with the parts that are absent or
  ///   malformed. A name that occurs twice in the header makes all its parts absent.
  public init(_ request: SignableRequest) throws(SignatureFault) {
    guard let header = request.header("authorization") else { throw .absent }
    let bytes = Array(header.utf8)
    let algorithm = Array(SigV4.algorithm.utf8)
    guard bytes.starts(with: algorithm), bytes.dropFirst(algorithm.count).first ?? 0x20 == 0x20
    else { throw .otherAlgorithm }
    let fields = Self.fields(bytes.dropFirst(algorithm.count))
    let credential = fields["Credential"].flatMap { Self.credential($0) }
    let headers = fields["SignedHeaders"].flatMap { SignedHeaders(list: $0) }
    let signature = fields["Signature"].flatMap { Hexadecimal.bytes($0) }
    let time = request.header("x-amz-date").flatMap { SigningTime($0) }
    guard let credential, let headers, let signature, signature.count == 32, let time else {
      var absent: Set<SignatureFault.Part> = []
      if credential == nil { absent.insert(.credential) }
      if headers == nil { absent.insert(.signedHeaders) }
      if signature?.count != 32 { absent.insert(.signature) }
      if time == nil { absent.insert(.date) }
      throw .incomplete(absent)
    }
    keyID = credential.keyID
    scope = credential.scope
    self.headers = headers
    self.signature = signature
    self.time = time
    token = request.header("x-amz-security-token").map { Array($0.utf8) }
  }

  /// Returns the `Name=value` pairs, which commas and spaces separate; none if a name occurs twice.
  private static func fields(_ text: ArraySlice<UInt8>) -> [String: ArraySlice<UInt8>] {
    var fields: [String: ArraySlice<UInt8>] = [:]
    for pair in text.split(whereSeparator: { ", \t".utf8.contains($0) }) {
      guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { continue }
      let name = String(decoding: pair[..<equals], as: UTF8.self)
      // With a second value for a name, two readers could see two different claims.
      guard fields.updateValue(pair[(equals + 1)...], forKey: name) == nil else { return [:] }
    }
    return fields
  }

  /// Parses a credential, `AKID/20150830/us-east-1/sts/aws4_request`.
  private static func credential(
    _ text: ArraySlice<UInt8>
  ) -> (keyID: Untrusted, scope: SigningScope)? {
    let parts = text.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count == 5, parts.allSatisfy({ !$0.isEmpty }),
      parts[4].elementsEqual(SigningScope.terminator.utf8)
    else { return nil }
    let scope = parts[1...3].map { String(decoding: $0, as: UTF8.self) }
    return (
      Untrusted(bytes: parts[0]),
      SigningScope(day: scope[0], region: scope[1], service: scope[2])
    )
  }
}

/// The reasons why a signature is rejected, in the order of the checks.
///
/// The region is checked before the service.
public enum SignatureFault: Error, Hashable, Sendable {
  /// The request has no Authorization header.
  case absent
  /// The Authorization header does not begin with AWS4-HMAC-SHA256.
  case otherAlgorithm
  /// Parts that the headers lack, or have in an invalid form.
  case incomplete(Set<Part>)
  /// `Host` is not among the signed headers.
  case hostUnsigned
  /// A header that is listed as signed was not sent.
  case headerNotSent(Untrusted)
  /// The scope's day is not the day of the request's time.
  case otherDay(scope: Untrusted, request: SigningTime)
  /// The request's time is further back than the tolerance, 15 minutes unless set otherwise.
  case expired(request: SigningTime)
  /// The request's time is further ahead than the tolerance.
  case notYetCurrent(request: SigningTime)
  /// The scope names another service.
  case otherService(Untrusted)
  /// The scope names a region that the service does not accept.
  case otherRegion(Untrusted)
  /// The key id belongs to no credentials.
  case unknownKey(Untrusted)
  /// The session token is not the key's, is absent, or is given for a key without one.
  case token
  /// The signature is not that of the request with this key.
  case mismatch

  /// The parts of a signature that a request has to state.
  public enum Part: Int, Hashable, CaseIterable, Comparable, Sendable {
    case credential
    case signature
    case signedHeaders
    /// The header `X-Amz-Date`.
    case date

    /// Orders the parts as they are declared.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }
}

extension SignatureClaim: Redacted {}
