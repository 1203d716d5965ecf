import Crypto
import Model
import Signing
import Text
import Wire

/// The source of an `aws login` session's credentials.
///
/// Its file holds keys for 15 minutes at a time. The token that renews them changes at each use, so
/// it is written back at once.
actor LoginSource: CredentialsSource {
  /// The time left under which credentials are renewed.
  static let window = Span.minutes(5)

  private let context: SourceContext
  private let path: String

  init(_ context: SourceContext, session: Untrusted) {
    self.context = context
    path = Self.file(of: session, in: context.settings.loginCache.value)
  }

  /// Returns the path of the file in which `aws login` keeps a session.
  static func file(of session: Untrusted, in folder: String) -> String {
    "\(folder)/\(SHA256.hash(data: session.bytes).hexadecimal).json"
  }

  /// Returns the credentials of the file, renewed if less than five minutes are left.
  ///
  /// - Throws: `CredentialsFault` if the file cannot be read or is incomplete, or the renewal fails
  ///   and the file has no valid credentials that may be used instead.
  func load() async throws(CredentialsFault) -> Credentials {
    let document = try read()
    let held = try credentials(document)
    let now = context.world.time.now()
    if let end = held.expires, now + Self.window < end { return held }
    do throws(CredentialsFault) {
      return try await renewed(document)
    } catch {
      // Another program may have renewed them. Otherwise the old ones are used until they expire,
      // unless the service refused.
      let latest = try credentials(try read())
      let isRefused = ![.unreachable, .throttled, .certificates].contains(error.problem)
      if latest.keys != held.keys || !isRefused, let end = latest.expires,
        context.world.time.now() < end
      {
        return latest
      }
      throw error
    }
  }

  private func read() throws(CredentialsFault) -> CacheDocument {
    guard let document = try CacheDocument.read(path, context, for: .login) else {
      throw fault(.missing, "\(path): no such file or directory")
    }
    return document
  }

  private func credentials(_ document: CacheDocument) throws(CredentialsFault) -> Credentials {
    guard let part = document.value["accessToken"], let keys = Self.keys(part),
      let expires = part["expiresAt"]?.time
    else { throw fault(.unreadable, "\(path): incomplete keys") }
    return Credentials(
      keys, expires: expires,
      account: part["accountId"]?.string?.asciiText.flatMap { AccountID($0) },
      source: .login)
  }

  private static func keys(_ part: JSONValue) -> AccessKeys? {
    guard let id = part["accessKeyId"]?.string?.asciiText,
      let secret = part["secretAccessKey"]?.string, let token = part["sessionToken"]?.string,
      !id.isEmpty, !secret.isEmpty, Header.isValue(token.bytes)
    else { return nil }
    return AccessKeys(id: id, secret: Secret(secret.bytes), sessionToken: Secret(token.bytes))
  }

  // MARK: Renewing

  private func renewed(_ document: CacheDocument) async throws(CredentialsFault) -> Credentials {
    let value = document.value
    guard let clientID = value["clientId"], let token = value["refreshToken"],
      let key = value["dpopKey"]?.string.flatMap({ ProofKey(pem: $0) })
    else { throw fault(.unreadable, "\(path): no refresh token") }
    let region = value["signInRegion"]?.string ?? Untrusted(context.settings.region.value)
    let service = JSONService(
      context: context, service: .signin, region: region, source: .login)
    let url = try service.url("/v1/token")
    let world = context.world
    let reply = try await service.post(
      "/v1/token",
      .members([
        ("clientId", clientID), ("grantType", .text("refresh_token")), ("refreshToken", token),
      ])
    ) {
      // Each attempt needs its own proof.
      [("DPoP", key.proof(of: "POST", url, at: world.time.now(), random: world.random))]
    }
    guard (200..<300).contains(reply.status) else { throw refusal(reply) }
    return try keep(reply.value)
  }

  private func keep(_ reply: JSONValue) throws(CredentialsFault) -> Credentials {
    guard let part = reply["accessToken"], Self.keys(part) != nil,
      let life = reply["expiresIn"]?.number?.int, life > 0,
      let refreshToken = reply["refreshToken"]
    else { throw fault(.unreadable, "the reply has incomplete keys") }
    var document = try read()
    let expires = context.world.time.now() + .seconds(min(life, 86_400))
    var keys = document.value["accessToken"] ?? .object([])
    for name in ["accessKeyId", "secretAccessKey", "sessionToken"] {
      keys = keys.setting(name, part[name])
    }
    keys = keys.setting("expiresAt", .text(expires.cacheText))
    document.set("accessToken", keys)
    document.set("refreshToken", refreshToken)
    if let idToken = reply["idToken"] { document.set("idToken", idToken) }
    // If it were not written, the next renewal would fail without any message: the login would be
    // lost.
    try document.write(context, for: .login)
    return try credentials(document)
  }

  private func refusal(_ reply: JSONService.Reply) -> CredentialsFault {
    switch reply.code?.asciiText {
    case "TOKEN_EXPIRED", "USER_CREDENTIALS_CHANGED", "AUTHCODE_EXPIRED", "invalid_grant",
      "invalid_client":
      context.fault(.expired, from: .login, reply.detail)
    case "rate_exceeded", "service_unavailable":
      context.fault(.unreachable, from: .login, reply.detail)
    default: context.fault(reply.problem, from: .login, reply.detail)
    }
  }

  private func fault(_ problem: CredentialsFault.Problem, _ detail: String) -> CredentialsFault {
    context.fault(problem, from: .login, detail)
  }
}

/// The private key that an `aws login` session is bound to (DPoP, RFC 9449).
///
/// Each request carries a proof that its sender has the key.
struct ProofKey: Sendable {
  private let key: P256.Signing.PrivateKey

  /// Creates a key from PKCS#8 or SEC 1 in PEM; nil if it is not a P-256 key.
  init?(pem: Untrusted) {
    guard let text = String(validating: pem.bytes, as: UTF8.self),
      let key = try? P256.Signing.PrivateKey(pemRepresentation: text)
    else { return nil }
    self.key = key
  }

  /// Returns a token for one request: `header.payload.signature`.
  func proof(
    of method: String, _ url: String, at now: Timestamp, random: any RandomSource
  ) -> String {
    let point = Array(key.publicKey.rawRepresentation)
    let header = JSONValue.members([
      ("typ", .text("dpop+jwt")), ("alg", .text("ES256")),
      (
        "jwk",
        .members([
          ("kty", .text("EC")), ("crv", .text("P-256")),
          ("x", .text(Base64.urlText(point.prefix(32)))),
          ("y", .text(Base64.urlText(point.suffix(32)))),
        ])
      ),
    ])
    let payload = JSONValue.members([
      ("jti", .text(random.uuid().text)), ("htm", .text(method)), ("htu", .text(url)),
      ("iat", .int(now.milliseconds / 1_000)),
    ])
    let signed =
      Base64.urlText(header.json(.wire)) + "." + Base64.urlText(payload.json(.wire))
    // SAFETY: with a key in memory the call fails only if the library is out of memory. The server
    // refuses an empty signature, so no false proof is accepted.
    let signature = (try? key.signature(for: Array(signed.utf8))).map {
      Array($0.rawRepresentation)
    }
    return signed + "." + Base64.urlText(signature ?? [])
  }
}

extension ProofKey: CustomStringConvertible, CustomReflectable {
  var description: String { "‹key›" }
  var customMirror: Mirror { Mirror(self, children: [:]) }
}
