import Model
import Signing
import Text
import Wire

/// The source of a role's credentials from IAM Identity Center.
struct SSOSource: CredentialsSource {
  let context: SourceContext
  let settings: SSOSettings
  private let tokens: SSOTokenSource

  init(_ context: SourceContext, _ settings: SSOSettings) {
    self.context = context
    self.settings = settings
    tokens = SSOTokenSource(context, settings)
  }

  /// Gets the login's token and requests the role's credentials from the portal.
  ///
  /// - Throws: `CredentialsFault` if account and role are not set, the login is missing or expired,
  ///   or the portal fails or refuses.
  func load() async throws(CredentialsFault) -> Credentials {
    guard let account = settings.account, let role = settings.role else {
      throw context.fault(
        .misconfigured, from: .sso, "sso_account_id and sso_role_name are not set")
    }
    let token = try await tokens.token()
    let portal = JSONService(
      context: context, service: .sso, region: settings.region, source: .sso)
    let reply = try await portal.get(
      "/federation/credentials?account_id=\(encode(account))&role_name=\(encode(role))",
      headers: [("x-amz-sso_bearer_token", token.accessToken.revealedText)])
    switch reply.status {
    case 200..<300: return try read(reply.value)
    case 401: throw context.fault(.expired, from: .sso, reply.detail)
    default: throw context.fault(reply.problem, from: .sso, reply.detail)
    }
  }

  private func read(_ value: JSONValue) throws(CredentialsFault) -> Credentials {
    let keys = value["roleCredentials"]
    guard let id = keys?["accessKeyId"]?.string?.asciiText,
      let secret = keys?["secretAccessKey"]?.string, let token = keys?["sessionToken"]?.string,
      let milliseconds = keys?["expiration"]?.number?.int, !id.isEmpty, !secret.isEmpty,
      Header.isValue(token.bytes)
    else { throw context.fault(.unreadable, from: .sso, "the portal's reply has incomplete keys") }
    return Credentials(
      AccessKeys(id: id, secret: Secret(secret.bytes), sessionToken: Secret(token.bytes)),
      expires: Timestamp(milliseconds: milliseconds),
      account: settings.account?.asciiText.flatMap { AccountID($0) }, source: .sso)
  }

  private func encode(_ text: Untrusted) -> String {
    String(decoding: PercentEncoding.encode(text.bytes), as: UTF8.self)
  }
}

/// A login with IAM Identity Center, as stored in its file.
struct SSOToken: Hashable, Sendable {
  var accessToken: Secret
  var expires: Timestamp
  var refreshToken: Secret?
  var clientID: Untrusted?
  var clientSecret: Secret?
  var registrationExpires: Timestamp?

  /// Reads a token; nil if the access token or its expiry is missing or invalid.
  init?(_ document: JSONValue) {
    guard let token = document["accessToken"]?.string, !token.isEmpty,
      Header.isValue(token.bytes),
      let expires = document["expiresAt"]?.time
    else { return nil }
    accessToken = Secret(token.bytes)
    self.expires = expires
    refreshToken = document["refreshToken"]?.string.map { Secret($0.bytes) }
    clientID = document["clientId"]?.string
    clientSecret = document["clientSecret"]?.string.map { Secret($0.bytes) }
    registrationExpires = document["registrationExpiresAt"]?.time
  }

  func isGood(for span: Span = .zero, at now: Timestamp) -> Bool { now + span < expires }

  /// Returns the data for a refresh; nil if a part is missing or the registration has expired.
  func renewal(at now: Timestamp) -> (client: Untrusted, secret: Secret, token: Secret)? {
    guard let refreshToken, let clientID, let clientSecret,
      registrationExpires.map({ now < $0 }) ?? false
    else { return nil }
    return (clientID, clientSecret, refreshToken)
  }
}

/// The token of a login with IAM Identity Center, shared with the AWS CLI through its file.
///
/// It is read at each call, refreshed if less than five minutes are left, and written back.
actor SSOTokenSource {
  /// The time left under which a token is refreshed.
  static let window = Span.minutes(5)
  /// The time between two refreshes, so that a service that refuses is not asked at every call.
  static let pause = Span.seconds(30)

  private let context: SourceContext
  private let settings: SSOSettings
  private var lastAttempt: Span?
  /// The failure of the last refresh; nil if it succeeded or was refused.
  private var lastFailure: CredentialsFault?
  /// A token whose file could not be written; it is valid all the same.
  private var unwritten: SSOToken?

  init(_ context: SourceContext, _ settings: SSOSettings) {
    self.context = context
    self.settings = settings
  }

  private var path: String { settings.tokenFile(in: context.settings.ssoCache) }

  /// Returns a token that is valid now.
  ///
  /// - Throws: `CredentialsFault` if the file is missing or unreadable, or the token has expired
  ///   and was not refreshed.
  func token() async throws(CredentialsFault) -> SSOToken {
    let token = try read()
    if token.isGood(for: Self.window, at: context.world.time.now()) { return token }
    var failure: CredentialsFault?
    if settings.session != nil {
      do throws(CredentialsFault) {
        if let fresh = try await refreshed(token) { return fresh }
      } catch {
        failure = error
      }
    }
    // After a failed refresh the old token is valid until its expiry, and another program may have
    // logged in or refreshed it in the meantime.
    let latest = try read()
    if latest.isGood(at: context.world.time.now()) { return latest }
    // A new login is no remedy for a service that does not answer.
    throw failure
      ?? context.fault(.expired, from: .sso, "the login ended at \(latest.expires.journalText)")
  }

  private func read() throws(CredentialsFault) -> SSOToken {
    guard let document = try CacheDocument.read(path, context, for: .sso) else {
      throw context.fault(.missing, from: .sso, "\(path): no such file or directory")
    }
    guard let token = SSOToken(document.value) else {
      throw context.fault(.unreadable, from: .sso, "\(path): no token")
    }
    if let unwritten, unwritten.expires > token.expires { return unwritten }
    return token
  }

  /// Returns a new token; nil if a refresh is not possible, is refused, or gives an incomplete
  /// reply, so that the old token decides.
  ///
  /// - Throws: `CredentialsFault` if there is no endpoint, the service does not answer or
  ///   throttles, or the file cannot be read; for 30 seconds after such an error, the same error
  ///   again.
  private func refreshed(_ token: SSOToken) async throws(CredentialsFault) -> SSOToken? {
    guard let renewal = token.renewal(at: context.world.time.now()) else { return nil }
    let uptime = context.world.time.uptime()
    if let lastAttempt, uptime - lastAttempt < Self.pause {
      if let lastFailure { throw lastFailure }
      return nil
    }
    lastAttempt = uptime
    lastFailure = nil
    do throws(CredentialsFault) {
      let reply = try await SSOLogin.oidc(context, settings).post(
        "/token",
        .members([
          ("grantType", .text("refresh_token")), ("clientId", .string(renewal.client)),
          ("clientSecret", .secret(renewal.secret)), ("refreshToken", .secret(renewal.token)),
        ]))
      guard (200..<300).contains(reply.status) else {
        if reply.problem == .refused { return nil }
        throw context.fault(reply.problem, from: .sso, reply.detail)
      }
      return try keep(reply.value)
    } catch {
      lastFailure = error
      throw error
    }
  }

  /// Writes the new token into the present content of the file.
  ///
  /// - Throws: `CredentialsFault` if the file cannot be read, or cannot be written and the token is
  ///   invalid.
  private func keep(_ reply: JSONValue) throws(CredentialsFault) -> SSOToken? {
    guard let accessToken = reply["accessToken"], let life = reply["expiresIn"]?.number?.int,
      life > 0
    else { return nil }
    var document =
      try CacheDocument.read(path, context, for: .sso) ?? CacheDocument.empty(path)
    let expires = context.world.time.now() + .seconds(min(life, 365 * 86_400))
    document.set("accessToken", accessToken)
    document.set("expiresAt", .text(expires.cacheText))
    if let refreshToken = reply["refreshToken"] { document.set("refreshToken", refreshToken) }
    let token = SSOToken(document.value)
    do throws(CredentialsFault) {
      try document.write(context, for: .sso)
    } catch {
      // The new token is valid even if its file cannot be written. The old refresh token may no
      // longer be valid; then the person has to log in again.
      guard token != nil else { throw error }
      unwritten = token
    }
    return token
  }
}

extension JSONValue {
  /// Returns a JSON string with a secret, for the body of a request.
  static func secret(_ secret: Secret) -> JSONValue { .string(Untrusted(bytes: secret.revealed)) }
}
