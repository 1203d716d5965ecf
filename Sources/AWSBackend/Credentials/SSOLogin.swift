import Model
import Signing
import Text
import Wire

/// The login with IAM Identity Center on a machine without a browser.
///
/// The person opens a URL on any device and compares a code. The token is written to the AWS CLI's
/// own file, so that both programs are logged in.
public struct SSOLogin: Sendable {
  private let context: SourceContext
  private let settings: SSOSettings

  /// Creates the login of a profile; nil if its credentials do not begin with IAM Identity Center.
  ///
  /// - Throws: `CredentialsFault` if the profile's credentials settings are invalid.
  public init?(
    world: AWSWorld, settings: AWSSettings, userAgent: String
  ) throws(CredentialsFault) {
    guard case .sso(let sso) = try ProfilePlan.read(settings.profiles, settings.profile.value)?.base
    else { return nil }
    self.init(SourceContext(world, settings, userAgent: userAgent), sso)
  }

  init(_ context: SourceContext, _ settings: SSOSettings) {
    self.context = context
    self.settings = settings
  }

  static func oidc(_ context: SourceContext, _ settings: SSOSettings) -> JSONService {
    JSONService(context: context, service: .ssoOIDC, region: settings.region, source: .sso)
  }

  private var oidc: JSONService { Self.oidc(context, settings) }

  /// The reply to the registration of this program.
  private struct Client {
    var id: JSONValue
    var secret: JSONValue
    var expires: Timestamp
  }

  /// The URL and code to show to the person, with the data for polling.
  private struct Authorization {
    var deviceCode: JSONValue
    var browser: BrowserLogin
    var interval: Span
  }

  /// Returns when the person has logged in and the token is in its file.
  ///
  /// - Throws: `CredentialsFault` with `.expired` if the code expires first, `.unreachable` if the
  ///   task is cancelled, and otherwise if a request is refused or fails, a reply is incomplete, or
  ///   the file cannot be written.
  public func logIn() async throws(CredentialsFault) {
    let client = try await register()
    let authorization = try await authorize(client)
    await context.world.dialogue.visit(authorization.browser)
    let token = try await wait(client, authorization)
    try keep(token, of: client)
  }

  private func register() async throws(CredentialsFault) -> Client {
    let name = settings.session ?? String(context.world.time.now().milliseconds / 1_000)
    let scopes = settings.scopes.map { JSONValue.string($0) }
    let value = try await successful(
      "/client/register",
      .members([
        ("clientName", .text("handshake-client-\(name)")), ("clientType", .text("public")),
        ("scopes", scopes.isEmpty ? nil : .array(scopes)),
      ]))
    guard let id = value["clientId"], let secret = value["clientSecret"],
      let end = value["clientSecretExpiresAt"]?.time
    else { throw unreadable("the registration") }
    return Client(id: id, secret: secret, expires: end)
  }

  private func authorize(_ client: Client) async throws(CredentialsFault) -> Authorization {
    let value = try await successful(
      "/device_authorization",
      .members([
        ("clientId", client.id), ("clientSecret", client.secret),
        ("startUrl", .string(settings.startURL)),
      ]))
    guard let deviceCode = value["deviceCode"], let code = value["userCode"]?.string,
      let url = value["verificationUriComplete"]?.string ?? value["verificationUri"]?.string,
      url.bytes.starts(with: "https://".utf8), let life = value["expiresIn"]?.number?.int
    else { throw unreadable("the invitation") }
    return Authorization(
      deviceCode: deviceCode,
      browser: BrowserLogin(
        profile: Untrusted(settings.profile), url: url, code: code,
        validFor: .seconds(min(max(life, 0), 3_600))),
      interval: .seconds(min(max(value["interval"]?.number?.int ?? 5, 1), 60)))
  }

  /// Polls until the service returns a token.
  ///
  /// - Throws: `CredentialsFault` with `.expired` if the code expires first, or the failure of a
  ///   request.
  private func wait(
    _ client: Client, _ authorization: Authorization
  ) async throws(CredentialsFault) -> JSONValue {
    let end = context.world.time.uptime() + authorization.browser.validFor
    var interval = authorization.interval
    while context.world.time.uptime() < end {
      await context.world.sleeper.sleep(interval)
      if Task.isCancelled { throw context.fault(.unreachable, from: .sso, "cancelled") }
      let reply = try await oidc.post(
        "/token",
        .members([
          ("grantType", .text("urn:ietf:params:oauth:grant-type:device_code")),
          ("clientId", client.id), ("clientSecret", client.secret),
          ("deviceCode", authorization.deviceCode),
        ]))
      if (200..<300).contains(reply.status) { return reply.value }
      switch reply.code?.asciiText {
      case "authorization_pending", "AuthorizationPendingException": break
      case "slow_down", "SlowDownException": interval = interval + .seconds(5)
      case "expired_token", "ExpiredTokenException":
        throw context.fault(.expired, from: .sso, "the code expired before anyone logged in")
      default: throw context.fault(reply.problem, from: .sso, reply.detail)
      }
    }
    throw context.fault(.expired, from: .sso, "the code expired before anyone logged in")
  }

  /// Writes the token to the file, as `aws sso login` does.
  ///
  /// - Throws: `CredentialsFault` with `.unreadable` if the reply is incomplete or the file cannot
  ///   be written.
  private func keep(_ token: JSONValue, of client: Client) throws(CredentialsFault) {
    guard let accessToken = token["accessToken"], let life = token["expiresIn"]?.number?.int,
      life > 0
    else { throw unreadable("the login") }
    let path = settings.tokenFile(in: context.settings.ssoCache)
    // A damaged file is replaced: a new login is the remedy for it.
    let old = try? CacheDocument.read(path, context, for: .sso)
    var document = old.flatMap { $0 } ?? CacheDocument.empty(path)
    let expires = context.world.time.now() + .seconds(min(life, 365 * 86_400))
    document.set("startUrl", .string(settings.startURL))
    document.set("region", .string(settings.region))
    document.set("accessToken", accessToken)
    document.set("expiresAt", .text(expires.cacheText))
    document.set("clientId", client.id)
    document.set("clientSecret", client.secret)
    document.set("registrationExpiresAt", .text(client.expires.cacheText))
    document.set("refreshToken", token["refreshToken"])
    // Keeps the existing file rather than write one that cannot be read.
    guard SSOToken(document.value) != nil else { throw unreadable("the login") }
    try document.write(context, for: .sso)
  }

  private func successful(
    _ path: String, _ body: JSONValue
  ) async throws(CredentialsFault) -> JSONValue {
    let reply = try await oidc.post(path, body)
    guard (200..<300).contains(reply.status) else {
      throw context.fault(reply.problem, from: .sso, reply.detail)
    }
    return reply.value
  }

  private func unreadable(_ what: String) -> CredentialsFault {
    context.fault(.unreadable, from: .sso, "the reply to \(what) is incomplete")
  }
}
