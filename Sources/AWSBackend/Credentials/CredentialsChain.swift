import Model
import Signing
import Text

/// The rules that select one profile's source of credentials: the first one that is configured.
///
/// A configured source that fails is an error, never a reason to use another identity.
public struct CredentialsChain: Sendable {
  private let context: SourceContext

  /// Creates a chain; `userAgent` is the value of the User-Agent header.
  public init(world: AWSWorld, settings: AWSSettings, userAgent: String) {
    context = SourceContext(world, settings, userAgent: userAgent)
  }

  /// Returns a cache over the selected source; sends nothing.
  ///
  /// If the settings are invalid, every call of the cache throws their error.
  public func cache() -> CredentialsCache {
    let found: any CredentialsSource
    do throws(CredentialsFault) {
      found = try source()
    } catch {
      found = FaultySource(fault: error)
    }
    return CredentialsCache(found, time: context.world.time, random: context.world.random)
  }

  /// Returns the first source that is configured.
  ///
  /// The environment's keys and web identity are skipped for a profile that was named by an option
  /// of this program.
  ///
  /// - Throws: `CredentialsFault` if the profile or the variables of the web identity are invalid.
  func source() throws(CredentialsFault) -> any CredentialsSource {
    let takesEnvironment = !context.settings.profile.origin.isOption
    let environment = EnvironmentSource(context: context)
    if takesEnvironment, environment.isConfigured { return environment }
    let settings = context.settings
    if let plan = try ProfilePlan.read(settings.profiles, settings.profile.value) {
      return source(plan)
    }
    if takesEnvironment, let webIdentity = try webIdentity() { return webIdentity }
    let container = ContainerSource(context: context)
    if container.isConfigured { return container }
    return InstanceSource(context, isChosen: false)
  }

  private func source(_ plan: ProfilePlan) -> any CredentialsSource {
    plan.roles.reduce(source(plan.base)) { base, step in
      RoleSource(context: context, base: base, step: step)
    }
  }

  private func source(_ base: ProfilePlan.Base) -> any CredentialsSource {
    switch base {
    case .keys(let credentials): StaticSource(credentials: credentials)
    case .named(.environment): EnvironmentSource(context: context)
    case .named(.container): ContainerSource(context: context)
    case .named(.instance): InstanceSource(context, isChosen: true)
    case .webIdentity(let tokenFile, let roleARN, let sessionName):
      WebIdentitySource(
        context: context, tokenFile: tokenFile, roleARN: roleARN, sessionName: sessionName)
    case .sso(let settings): SSOSource(context, settings)
    case .login(let session): LoginSource(context, session: session)
    case .process(let command): ProcessSource(context: context, command: command)
    }
  }

  private func webIdentity() throws(CredentialsFault) -> WebIdentitySource? {
    guard let file = context.variable("AWS_WEB_IDENTITY_TOKEN_FILE") else { return nil }
    guard let role = context.variable("AWS_ROLE_ARN") else {
      throw CredentialsFault(
        .misconfigured, from: .webIdentity,
        detail: Untrusted("AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not"))
    }
    return WebIdentitySource(
      context: context, tokenFile: Untrusted(file), roleARN: Untrusted(role),
      sessionName: context.variable("AWS_ROLE_SESSION_NAME").map { Untrusted($0) })
  }
}

/// The source of a chain whose settings are invalid; they are read again only by a new chain.
private struct FaultySource: CredentialsSource {
  let fault: CredentialsFault
  func load() async throws(CredentialsFault) -> Credentials { throw fault }
}

/// The services, settings and transport that every source of one identity uses.
struct SourceContext: Sendable {
  let world: AWSWorld
  let settings: AWSSettings
  /// The value of the User-Agent header.
  let userAgent: String
  /// The transport over the profile's proxy and certificates.
  let transport: any HTTPTransport

  init(_ world: AWSWorld, _ settings: AWSSettings, userAgent: String) {
    self.world = world
    self.settings = settings
    self.userAgent = userAgent
    transport = RoutedTransport(world.transport, route: HTTPRoute(settings))
  }

  var profile: Untrusted { Untrusted(settings.profile.value) }

  func fault(
    _ problem: CredentialsFault.Problem, from source: CredentialsFault.Source, _ detail: Untrusted
  ) -> CredentialsFault {
    CredentialsFault(problem, from: source, profile: profile, detail: detail)
  }

  func fault(
    _ problem: CredentialsFault.Problem, from source: CredentialsFault.Source, _ detail: String
  ) -> CredentialsFault {
    fault(problem, from: source, Untrusted(detail))
  }

  /// Returns the endpoint of a service.
  ///
  /// - Throws: `CredentialsFault` with `.misconfigured` if the settings contradict each other.
  func endpoint(
    _ service: AWSService, region: Untrusted? = nil, for source: CredentialsFault.Source
  ) throws(CredentialsFault) -> Endpoint {
    do {
      return try settings.endpoint(for: service, region: region)
    } catch {
      throw fault(.misconfigured, from: source, error.sentence)
    }
  }

  /// Returns the content of a file that must exist.
  ///
  /// - Throws: `CredentialsFault` with `.missing` if there is none, or `.unreadable` if it cannot
  ///   be read.
  func file(
    _ path: String, for source: CredentialsFault.Source
  ) throws(CredentialsFault) -> [UInt8] {
    guard let bytes = try fileIfAny(path, for: source) else {
      throw fault(.missing, from: source, "\(path): no such file or directory")
    }
    return bytes
  }

  /// Returns the content of a file; nil if there is none.
  ///
  /// - Throws: `CredentialsFault` with `.unreadable` if it cannot be read.
  func fileIfAny(
    _ path: String, for source: CredentialsFault.Source
  ) throws(CredentialsFault) -> [UInt8]? {
    do {
      return try world.read(path)?.bytes
    } catch {
      throw fault(.unreadable, from: source, "\(error.path): \(error.detail)")
    }
  }

  /// Returns the value of a variable that is set and not blank.
  func variable(_ name: String) -> String? {
    settings.lookup.variable(name)?.value.text
  }

  /// Returns a path from a setting, with `~` expanded to the home directory.
  func path(_ text: Untrusted) -> String {
    HomePath.expand(text.text, home: world.home)
  }
}

extension SettingsFault {
  /// The fault in one line: `use_fips_endpoint (~/.aws/config line 3): …`.
  var sentence: Untrusted {
    Untrusted(
      bytes: setting.bytes + Array(" (".utf8) + origin.bytes + Array("): ".utf8) + detail.bytes)
  }
}

extension Untrusted {
  /// The text as it was read, for a request or a path; never for people.
  ///
  /// Bytes that are not UTF-8 become replacement characters.
  var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension SourceContext: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  var description: String { "‹context›" }
  var debugDescription: String { description }
  var customMirror: Mirror { Mirror(self, children: [:]) }
}
