import Model
import Text

/// How a profile's credentials are come by: where it begins, then the roles to assume one after
/// another.
struct ProfilePlan: Sendable {
  var base: Base
  var roles: [RoleStep]

  enum Base: Sendable {
    case keys(Credentials)
    case named(NamedSource)
    case webIdentity(tokenFile: Untrusted, roleARN: Untrusted, sessionName: Untrusted?)
    case sso(SSOSettings)
    /// The session's name, of `aws login`.
    case login(Untrusted)
    case process(Located<Untrusted>)
  }

  /// What `credential_source` can name, in any case.
  enum NamedSource: String, CaseIterable, Sendable {
    case environment = "Environment"
    case instance = "Ec2InstanceMetadata"
    case container = "EcsContainer"
  }

  /// Of a profile that says where its credentials come from; nil of any other.
  static func read(
    _ profiles: ProfileSet, _ name: String
  ) throws(CredentialsFault) -> ProfilePlan? {
    try ProfilePlanReader(profiles: profiles, chosen: name).plan()
  }
}
