import LocalBackend
import Model
import Signing
import Synchronization
import Text

/// The check of a request's signature, which finds the account that signed it.
struct Authenticator: Sendable {
  let dependencies: SandboxDependencies
  let clocks: Clocks

  /// The largest difference between a signature's date and the clock, in either direction.
  static let tolerance = Span.minutes(5)

  /// Verifies the signature for `service`, in any region, and returns who signed.
  ///
  /// - Throws: `AccessFault` if the request is unsigned or its signature is incomplete, invalid or
  ///   out of date; `.unknownKey` if the key belongs to no account of the store; `.expiredToken` if
  ///   the session has expired.
  func principal(
    of request: ServerRequest, for service: String
  ) async throws(AccessFault) -> Principal {
    let token = request.value("x-amz-security-token")
    let session = token.flatMap { dependencies.seal.session($0.bytes) }
    let account = try verify(request, service, token, session)
    guard await dependencies.accounts.contains(account) else { throw .unknownKey }
    guard let session else {
      let arn = dependencies.backend(for: account).callerARN
      return Principal(
        account: account, arn: arn, userID: userID(account, "Operator", dependencies.user))
    }
    guard clocks.service - dependencies.faults.skew < session.expires else {
      throw .expiredToken
    }
    return Principal(
      account: account, arn: session.callerARN,
      userID: userID(account, session.role, session.name), session: session)
  }

  /// Verifies the signature and returns the account that the key belongs to.
  ///
  /// - Throws: `AccessFault`, the translation of the `SignatureFault`.
  private func verify(
    _ request: ServerRequest, _ service: String, _ token: Untrusted?, _ session: SandboxSession?
  ) throws(AccessFault) -> AccountID {
    let signed = SignableRequest(
      request.method, target: request.target,
      headers: request.fields.map { ($0.name, String(decoding: $0.value.bytes, as: UTF8.self)) },
      body: request.body)
    var verifier = SignatureVerifier(service: service)
    verifier.tolerance = Self.tolerance
    let keys = { (id: Untrusted) in self.keys(id, token, session) }
    do throws(SignatureFault) {
      let claim = try verify(verifier, signed, keys)
      if let session { return session.account }
      guard let id = claim.keyID.asciiText, let account = dependencies.keys.account(ofKey: id)
      else { throw SignatureFault.unknownKey(claim.keyID) }
      return account
    } catch { throw AccessFault(error, clocks: clocks, service: service) }
  }

  /// Verifies a signature against the machine's clock and, if its date is off, the store's clock.
  ///
  /// Clients sign with the machine's clock, or with the store's, which may have been advanced, if
  /// they correct their own clock by our `Date`.
  ///
  /// - Throws: `SignatureFault` as the verifier throws it.
  private func verify(
    _ verifier: SignatureVerifier, _ request: SignableRequest, _ keys: (Untrusted) -> AccessKeys?
  ) throws(SignatureFault) -> SignatureClaim {
    do throws(SignatureFault) {
      return try verifier.verify(request, now: clocks.machine, keys: keys)
    } catch {
      switch error {
      case .expired, .notYetCurrent:
        return try verifier.verify(request, now: clocks.service, keys: keys)
      default: throw error
      }
    }
  }

  private func keys(_ id: Untrusted, _ token: Untrusted?, _ session: SandboxSession?) -> AccessKeys?
  {
    guard let id = id.asciiText else { return nil }
    if let token, let session {
      guard session.keyID == id else { return nil }
      return AccessKeys(
        id: id, secret: dependencies.seal.secret(of: session), sessionToken: Secret(token.bytes))
    }
    return dependencies.keys.account(ofKey: id).map { dependencies.keys.keys(of: $0) }
  }

  private func userID(_ account: AccountID, _ role: String, _ name: String) -> String {
    "\(dependencies.keys.roleID(role, of: account)):\(name)"
  }
}

extension AccessFault {
  init(_ fault: SignatureFault, clocks: Clocks, service: String) {
    self =
      switch fault {
      case .absent: .missing
      case .otherAlgorithm:
        .incomplete("Unsupported AWS 'algorithm'; the supported one is AWS4-HMAC-SHA256.")
      case .incomplete(let parts):
        .incomplete(parts.sorted().map(Self.requirement).joined(separator: " "))
      case .hostUnsigned:
        .mismatch("'Host' must be a 'SignedHeader' in the AWS Authorization.")
      case .headerNotSent, .mismatch: .wrongSignature
      case .otherDay(_, let time):
        .mismatch(
          "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
            + "HTTP: '\(time.text)'.")
      case .expired(let time):
        .date(
          "Signature expired: \(time.text) is now earlier than "
            + Self.bound(clocks.machine, Span.zero - Authenticator.tolerance, "- 5 min."))
      case .notYetCurrent(let time):
        .date(
          "Signature not yet current: \(time.text) is still later than "
            + Self.bound(clocks.machine, Authenticator.tolerance, "+ 5 min."))
      case .otherService:
        .mismatch("Credential should be scoped to correct service: '\(service)'.")
      case .otherRegion: .mismatch("Credential should be scoped to a valid region.")
      case .unknownKey, .token: .unknownKey
      }
  }

  private static func requirement(_ part: SignatureFault.Part) -> String {
    switch part {
    case .credential: "Authorization header requires 'Credential' parameter."
    case .signature: "Authorization header requires 'Signature' parameter."
    case .signedHeaders: "Authorization header requires 'SignedHeaders' parameter."
    case .date:
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
    }
  }

  /// Returns a bound and the time it is derived from: `20261123T021048Z (20261123T021548Z - 5
  /// min.)`.
  private static func bound(_ now: Timestamp, _ tolerance: Span, _ words: String) -> String {
    "\(SigningTime(now + tolerance).text) (\(SigningTime(now).text) \(words))"
  }
}

/// The refusal of a request because of its signature.
///
/// The messages are those of the front end that all AWS services share. AWS JSON services and Query
/// services use different codes for the same refusal.
enum AccessFault: Error, Hashable, Sendable {
  /// The request has no signature.
  case missing
  /// The signature's header is incomplete; the detail names what is missing.
  case incomplete(String)
  /// The key is unknown, or its session token is missing, invalid or belongs to another key.
  case unknownKey
  case expiredToken
  /// The signature does not match, or was made for another service.
  case mismatch(String)
  /// The signature's date differs too much from the service's time.
  case date(String)

  static let wrongSignature = AccessFault.mismatch(
    "The request signature we calculated does not match the signature you provided. Check your "
      + "AWS Secret Access Key and signing method. Consult the service documentation for details.")

  /// The `__type` of an AWS JSON error; its status is always 400.
  var jsonCode: String {
    switch self {
    case .missing: "MissingAuthenticationTokenException"
    case .incomplete: "IncompleteSignatureException"
    case .unknownKey: "UnrecognizedClientException"
    case .expiredToken: "ExpiredTokenException"
    case .mismatch, .date: "InvalidSignatureException"
    }
  }

  /// The `Code` of a Query error, and its HTTP status.
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

/// The caller whose signature a request carries.
struct Principal: Hashable, Sendable {
  var account: AccountID
  /// The caller's ARN, as STS reports it and error messages name it.
  var arn: String
  var userID: String
  /// The session, if the request was signed with temporary keys.
  var session: SandboxSession?
}

/// A cache of the store's account ids.
///
/// The store is read once, and again when an unknown account appears, which may have been created
/// since.
final class KnownAccounts: Sendable {
  private let store: Store
  private let known = Mutex<Set<AccountID>>([])

  init(_ store: Store) { self.store = store }

  /// Returns whether the store has `account`; false if the store cannot be read.
  func contains(_ account: AccountID) async -> Bool {
    if known.withLock({ $0.contains(account) }) { return true }
    guard let accounts = try? await store.accounts() else { return false }
    let all = Set(accounts.map(\.id))
    known.withLock { $0 = all }
    return all.contains(account)
  }
}
