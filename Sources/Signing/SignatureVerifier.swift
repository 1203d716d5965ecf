import Model
import Text

/// Believes a request's signature or says why not, as AWS does: the sandbox's side of `SigV4`.
public struct SignatureVerifier: Sendable {
  /// The signing name of the service that was asked.
  public var service: String
  /// The regions that the service signs in; nil for any.
  public var regions: Set<String>?
  public var normalisesPath = true
  /// How far a request's time may be off, either way.
  public var tolerance = Span.minutes(15)

  public init(service: String, regions: Set<String>? = nil) {
    self.service = service
    self.regions = regions
  }

  /// The claim of a request, when it holds. `keys` finds what a key id belongs to.
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
    let sent = Set(request.headers.map { [UInt8].lowercase($0.name.utf8) })
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
  /// Believes a request's signature or says why not. See `SignatureVerifier`.
  @discardableResult
  public static func verify(
    _ request: SignableRequest, service: String, regions: Set<String>? = nil, now: Timestamp,
    keys: (Untrusted) -> AccessKeys?
  ) throws(SignatureFault) -> SignatureClaim {
    try SignatureVerifier(service: service, regions: regions).verify(request, now: now, keys: keys)
  }
}
