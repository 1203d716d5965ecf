import Model
import Signing
import Text
import Wire

/// The token of a login with IAM Identity Center, shared with the AWS CLI through its file: read at
/// each call, refreshed when it ends soon, and written back.
actor SSOTokenSource {
  /// A token with less left is refreshed.
  static let window = Span.minutes(5)
  /// Between two attempts at it, so that a service that refuses is not asked at every call.
  static let pause = Span.seconds(30)

  private let context: SourceContext
  private let settings: SSOSettings
  private var lastAttempt: Span?

  init(_ context: SourceContext, _ settings: SSOSettings) {
    self.context = context
    self.settings = settings
  }

  private var path: String { settings.tokenFile(in: context.settings.ssoCache) }

  /// A token that is good now, or what a person has to do.
  func token() async throws(CredentialsFault) -> SSOToken {
    let token = try read()
    let now = context.world.time.now()
    if token.isGood(for: Self.window, at: now) { return token }
    if settings.session != nil, let fresh = try await refreshed(token) { return fresh }
    if token.isGood(at: context.world.time.now()) { return token }
    // Another program may have logged in or refreshed it meanwhile.
    let again = try read()
    guard again.isGood(at: context.world.time.now()) else {
      throw context.fault(.expired, from: .sso, "the login ended at \(again.expires.journalText)")
    }
    return again
  }

  private func read() throws(CredentialsFault) -> SSOToken {
    guard let document = try CacheDocument.read(path, context, for: .sso) else {
      throw context.fault(.missing, from: .sso, "\(path): no such file or directory")
    }
    guard let token = SSOToken(document.value) else {
      throw context.fault(.unreadable, from: .sso, "\(path): no token")
    }
    return token
  }

  /// Nil when it could not be: the old one decides then.
  private func refreshed(_ token: SSOToken) async throws(CredentialsFault) -> SSOToken? {
    let uptime = context.world.time.uptime()
    guard let renewal = token.renewal(at: context.world.time.now()),
      lastAttempt.map({ uptime - $0 >= Self.pause }) ?? true
    else { return nil }
    lastAttempt = uptime
    let reply: JSONService.Reply
    do throws(CredentialsFault) {
      reply = try await SSOLogin.oidc(context, settings).post(
        "/token",
        .members([
          ("grantType", .text("refresh_token")), ("clientId", .string(renewal.client)),
          ("clientSecret", .secret(renewal.secret)), ("refreshToken", .secret(renewal.token)),
        ]))
    } catch {
      // Without a good token there is nothing else to say than why.
      if token.isGood(at: context.world.time.now()) { return nil }
      throw error
    }
    guard (200..<300).contains(reply.status) else { return nil }
    return try keep(reply.value)
  }

  /// Writes what is new into the file as it is now.
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
      // The new token is good even where its file cannot be written; the old refresh token may not
      // be any more, and then a person logs in again.
      guard token != nil else { throw error }
    }
    return token
  }
}

extension JSONValue {
  /// For the body of a request.
  static func secret(_ secret: Secret) -> JSONValue { .string(Untrusted(bytes: secret.revealed)) }
}
