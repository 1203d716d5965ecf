import Model
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
