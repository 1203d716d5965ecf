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
  /// Believes a request's signature or says why not. See `SignatureVerifier`.
  @discardableResult
  public static func verify(
    _ request: SignableRequest, service: String, regions: Set<String>? = nil, now: Timestamp,
    keys: (Untrusted) -> AccessKeys?
  ) throws(SignatureFault) -> SignatureClaim {
    try SignatureVerifier(service: service, regions: regions).verify(request, now: now, keys: keys)
  }
}

/// What the headers of a signed request say, before any of it is believed.
public struct SignatureClaim: Sendable {
  public let keyID: Untrusted
  public let scope: SigningScope
  public let headers: SignedHeaders
  public let time: SigningTime
  let signature: [UInt8]
  let token: [UInt8]?

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

  /// `Name=value` pairs, each once, separated by commas and spaces.
  private static func fields(_ text: ArraySlice<UInt8>) -> [String: ArraySlice<UInt8>] {
    var fields: [String: ArraySlice<UInt8>] = [:]
    for pair in text.split(whereSeparator: { ", \t".utf8.contains($0) }) {
      guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { continue }
      let name = String(decoding: pair[..<equals], as: UTF8.self)
      // A second one of a name would let two readers see two claims.
      guard fields.updateValue(pair[(equals + 1)...], forKey: name) == nil else { return [:] }
    }
    return fields
  }

  /// `AKID/20150830/us-east-1/sts/aws4_request`
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

/// Why a signature is not believed, in the order in which it is looked at.
public enum SignatureFault: Error, Hashable, Sendable {
  /// No Authorization header.
  case absent
  /// An Authorization header of another algorithm, or of none.
  case otherAlgorithm
  /// What the header does not have, or has in no readable form.
  case incomplete(Set<Part>)
  /// `Host` must be signed.
  case hostUnsigned
  /// A header that is listed as signed was not sent.
  case headerNotSent(Untrusted)
  /// The scope's day is not the day of the request's time.
  case otherDay(scope: Untrusted, request: SigningTime)
  /// More than 15 minutes ago.
  case expired(request: SigningTime)
  /// More than 15 minutes ahead.
  case notYetCurrent(request: SigningTime)
  case otherService(Untrusted)
  case otherRegion(Untrusted)
  case unknownKey(Untrusted)
  /// The session token is not the key's, is missing, or is given for a key without one.
  case token
  case mismatch

  public enum Part: Int, Hashable, CaseIterable, Comparable, Sendable {
    case credential
    case signature
    case signedHeaders
    /// `X-Amz-Date`.
    case date

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }
}

extension SignatureClaim: Redacted {}
