import Model
import Signing
import Text

/// The steps to a profile's credentials: the source of the first keys, then the roles to assume in
/// order.
struct ProfilePlan: Sendable {
  var base: Base
  var roles: [RoleStep]

  enum Base: Sendable {
    case keys(Credentials)
    case named(NamedSource)
    case webIdentity(tokenFile: Untrusted, roleARN: Untrusted, sessionName: Untrusted?)
    case sso(SSOSettings)
    /// The name of an `aws login` session.
    case login(Untrusted)
    case process(Located<Untrusted>)
  }

  /// The sources that `credential_source` can name, in any letter case.
  enum NamedSource: String, CaseIterable, Sendable {
    case environment = "Environment"
    case instance = "Ec2InstanceMetadata"
    case container = "EcsContainer"
  }

  /// Returns the plan of a profile; nil if the profile does not exist or has no credentials
  /// settings.
  ///
  /// - Throws: `CredentialsFault` if the settings of the profile, or of a profile that it refers
  ///   to, are invalid.
  static func read(
    _ profiles: ProfileSet, _ name: String
  ) throws(CredentialsFault) -> ProfilePlan? {
    try ProfilePlanReader(profiles: profiles, chosen: name).plan()
  }
}

/// The reader of a plan, which follows `source_profile` from profile to profile to the first keys.
///
/// The order within a profile is that of the SDK for Rust, except that keys in the credentials file
/// come before `login_session` and `credential_process`, as in the AWS CLI.
struct ProfilePlanReader {
  let profiles: ProfileSet
  let chosen: String

  /// Returns the plan of the chosen profile; nil if the profile does not exist or has no
  /// credentials settings.
  ///
  /// - Throws: `CredentialsFault` if a source profile is missing, circular or without credentials,
  ///   or a profile's settings are incomplete or invalid.
  func plan() throws(CredentialsFault) -> ProfilePlan? {
    var roles: [RoleStep] = []
    var visited: Set<String> = []
    var name = chosen
    while true {
      guard let section = profiles.profile(name) else {
        if visited.isEmpty { return nil }
        throw fault(chosen, .misconfigured, .detail("there is no source profile", Untrusted(name)))
      }
      guard visited.insert(name).inserted else {
        throw fault(name, .misconfigured, "source_profile is circular")
      }
      // The keys of a source profile take precedence over its role.
      if visited.count > 1, let keys = try keys(section, halfIsFault: false) {
        return plan(.keys(keys), roles)
      }
      guard let (step, next) = try role(section) else {
        if let base = try base(section) { return plan(base, roles) }
        if visited.count == 1 { return nil }
        throw fault(name, .missing, "the source profile has no credentials")
      }
      roles.append(step)
      switch next {
      case .named(let source): return plan(.named(source), roles)
      case .profile(name):
        guard let keys = try keys(section, halfIsFault: true) else {
          throw fault(name, .misconfigured, "source_profile is the profile itself, without keys")
        }
        return plan(.keys(keys), roles)
      case .profile(let other): name = other
      }
    }
  }

  private func plan(_ base: ProfilePlan.Base, _ roles: [RoleStep]) -> ProfilePlan {
    ProfilePlan(base: base, roles: roles.reversed())
  }

  // MARK: A role

  private enum Next {
    case profile(String)
    case named(ProfilePlan.NamedSource)
  }

  /// Returns the role and the source of its keys; nil if the profile has no role, or assumes it
  /// with a web identity.
  private func role(_ section: ConfigSection) throws(CredentialsFault) -> (RoleStep, Next)? {
    guard let arn = section.text("role_arn")?.value, !section.has("web_identity_token_file")
    else { return nil }
    var step = RoleStep(profile: section.name, arn: arn)
    step.sessionName = section.text("role_session_name")?.value
    step.externalID = section.text("external_id")?.value
    step.mfaSerial = section.text("mfa_serial")?.value
    if let text = section.text("duration_seconds") {
      guard let seconds = text.value.asciiText.flatMap({ Int($0) }), (900...43_200) ~= seconds
      else {
        throw fault(
          section.name, .misconfigured, "duration_seconds is not a number from 900 to 43200")
      }
      step.duration = seconds
    }
    return (step, try next(section))
  }

  private func next(_ section: ConfigSection) throws(CredentialsFault) -> Next {
    switch (section.text("source_profile")?.value, section.text("credential_source")?.value) {
    case (.some, .some):
      throw fault(
        section.name, .misconfigured, "both source_profile and credential_source are set")
    case (nil, nil):
      throw fault(
        section.name, .misconfigured, "role_arn needs source_profile or credential_source")
    case (let profile?, nil): return .profile(profile.text)
    case (nil, let said?):
      let source = ProfilePlan.NamedSource.allCases.first {
        $0.rawValue.lowercased() == said.asciiText?.lowercased()
      }
      guard let source else {
        throw fault(section.name, .misconfigured, .detail("credential_source is unknown:", said))
      }
      return .named(source)
    }
  }

  // MARK: The first keys

  private func base(_ section: ConfigSection) throws(CredentialsFault) -> ProfilePlan.Base? {
    if let file = section.text("web_identity_token_file")?.value {
      guard let arn = section.text("role_arn")?.value else {
        throw CredentialsFault(
          .misconfigured, from: .webIdentity, profile: Untrusted(section.name),
          detail: Untrusted("web_identity_token_file is set, but role_arn is not"))
      }
      return .webIdentity(
        tokenFile: file, roleARN: arn, sessionName: section.text("role_session_name")?.value)
    }
    if SSOSettings.givesKeys(section), let sso = try SSOSettings.read(section, profiles) {
      return .sso(sso)
    }
    let isInCredentialsFile =
      section.text("aws_access_key_id")?.origin.isCredentialsFile == true
    if isInCredentialsFile, let keys = try keys(section, halfIsFault: true) { return .keys(keys) }
    if let session = section.text("login_session")?.value { return .login(session) }
    if let command = section.text("credential_process") { return .process(command) }
    return try keys(section, halfIsFault: true).map { .keys($0) }
  }

  private func keys(
    _ section: ConfigSection, halfIsFault: Bool
  ) throws(CredentialsFault) -> Credentials? {
    let id = section.text("aws_access_key_id")?.value
    let secret = section.secret("aws_secret_access_key")?.value
    guard let id, let secret else {
      guard halfIsFault, id != nil || secret != nil else { return nil }
      let absent = id == nil ? "aws_access_key_id" : "aws_secret_access_key"
      throw fault(section.name, .misconfigured, "\(absent) is not set")
    }
    let token = section.secret("aws_session_token") ?? section.secret("aws_security_token")
    guard let id = id.asciiText, Header.isValue(secret.revealed),
      token.map({ Header.isValue($0.value.revealed) }) ?? true
    else { throw fault(section.name, .misconfigured, "a key contains invalid characters") }
    return Credentials(
      AccessKeys(id: id, secret: secret, sessionToken: token?.value), expires: end(section),
      account: section.text("aws_account_id")?.value.asciiText.flatMap { AccountID($0) },
      source: .profile)
  }

  /// Returns the expiry that the tool that wrote the keys noted (saml2aws, awsume).
  ///
  /// An invalid time is ignored, since the AWS CLI reads neither setting.
  private func end(_ section: ConfigSection) -> Timestamp? {
    let said = section.text("x_security_token_expires") ?? section.text("expiration")
    return said.flatMap { Timestamp(reading: $0.value.bytes) }
  }

  private func fault(
    _ profile: String, _ problem: CredentialsFault.Problem, _ detail: Untrusted
  ) -> CredentialsFault {
    CredentialsFault(problem, from: .profile, profile: Untrusted(profile), detail: detail)
  }

  private func fault(
    _ profile: String, _ problem: CredentialsFault.Problem, _ detail: String
  ) -> CredentialsFault {
    fault(profile, problem, Untrusted(detail))
  }
}
