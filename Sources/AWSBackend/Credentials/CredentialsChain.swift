import Model
import Signing
import Text

/// Decides where one profile's credentials come from: the first source that is configured. One that
/// fails is a fault, never a reason to act as somebody else.
public struct CredentialsChain: Sendable {
  private let context: SourceContext

  /// - Parameter userAgent: The header's value.
  public init(world: AWSWorld, settings: AWSSettings, userAgent: String) {
    context = SourceContext(world, settings, userAgent: userAgent)
  }

  /// What keeps them fresh. Asks nobody yet.
  public func cache() -> CredentialsCache {
    let found: any CredentialsSource
    do throws(CredentialsFault) {
      found = try source()
    } catch {
      found = FaultySource(fault: error)
    }
    return CredentialsCache(found, time: context.world.time, random: context.world.random)
  }

  /// The keys of the environment and its web identity are not for a profile that was named to this
  /// program itself.
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

/// The settings have a fault; they are read anew only with a new chain.
private struct FaultySource: CredentialsSource {
  let fault: CredentialsFault
  func load() async throws(CredentialsFault) -> Credentials { throw fault }
}

/// What every source of one identity works with.
struct SourceContext: Sendable {
  let world: AWSWorld
  let settings: AWSSettings
  /// The header's value.
  let userAgent: String
  /// By the profile's route.
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

  /// Where a service is asked; a contradiction in the settings is the source's misconfiguration.
  func endpoint(
    _ service: AWSService, region: Untrusted? = nil, for source: CredentialsFault.Source
  ) throws(CredentialsFault) -> Endpoint {
    do {
      return try settings.endpoint(for: service, region: region)
    } catch {
      throw fault(.misconfigured, from: source, error.sentence)
    }
  }

  /// A file that must be there.
  func file(
    _ path: String, for source: CredentialsFault.Source
  ) throws(CredentialsFault) -> [UInt8] {
    guard let bytes = try fileIfAny(path, for: source) else {
      throw fault(.missing, from: source, "\(path): no such file or directory")
    }
    return bytes
  }

  func fileIfAny(
    _ path: String, for source: CredentialsFault.Source
  ) throws(CredentialsFault) -> [UInt8]? {
    do {
      return try world.read(path)?.bytes
    } catch {
      throw fault(.unreadable, from: source, "\(error.path): \(error.detail)")
    }
  }

  /// A variable that is set and not blank.
  func variable(_ name: String) -> String? {
    settings.lookup.variable(name)?.value.text
  }

  /// A path of a setting, with `~` for the home directory.
  func path(_ text: Untrusted) -> String {
    HomePath.expand(text.text, home: world.home)
  }
}

extension SettingsFault {
  /// `use_fips_endpoint (~/.aws/config line 3): …`
  var sentence: Untrusted {
    Untrusted(
      bytes: setting.bytes + Array(" (".utf8) + origin.bytes + Array("): ".utf8) + detail.bytes)
  }
}

extension Untrusted {
  /// For a request or a path, where it goes as it came; never for people. What is no UTF-8 comes out
  /// with replacement characters.
  var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension SourceContext: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  var description: String { "‹context›" }
  var debugDescription: String { description }
  var customMirror: Mirror { Mirror(self, children: [:]) }
}
