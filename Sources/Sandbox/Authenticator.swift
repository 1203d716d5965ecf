import LocalBackend
import Model
import Signing
import Synchronization
import Text

/// Finds out who signed a request.
struct Authenticator: Sendable {
  let dependencies: Dependencies
  let clocks: Clocks

  /// How far a signature's date may be off, either way.
  static let tolerance = Span.minutes(5)

  /// Verifies the signature for `service`, in any region.
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

  private func verify(
    _ request: ServerRequest, _ service: String, _ token: Untrusted?, _ session: Session?
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

  /// Clients sign by the machine's clock, or, when they correct their own by our `Date`, by the
  /// store's, which may have been advanced.
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

  private func keys(_ id: Untrusted, _ token: Untrusted?, _ session: Session?) -> AccessKeys? {
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

  /// `20261123T021048Z (20261123T021548Z - 5 min.)`
  private static func bound(_ now: Timestamp, _ tolerance: Span, _ words: String) -> String {
    "\(SigningTime(now + tolerance).text) (\(SigningTime(now).text) \(words))"
  }
}

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

/// Who signed a request.
struct Principal: Hashable, Sendable {
  var account: AccountID
  /// What STS says of it, and what errors name it by.
  var arn: String
  var userID: String
  /// When it acts with temporary keys.
  var session: Session?
}

/// The accounts of the store. Looked up once; again when somebody unknown comes, who may have been
/// created since.
final class KnownAccounts: Sendable {
  private let store: Store
  private let known = Mutex<Set<AccountID>>([])

  init(_ store: Store) { self.store = store }

  func contains(_ account: AccountID) async -> Bool {
    if known.withLock({ $0.contains(account) }) { return true }
    guard let accounts = try? await store.accounts() else { return false }
    let all = Set(accounts.map(\.id))
    known.withLock { $0 = all }
    return all.contains(account)
  }
}
