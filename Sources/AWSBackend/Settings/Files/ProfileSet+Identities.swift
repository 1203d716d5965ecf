import Text

extension ProfileSet {
  /// The profiles that say where credentials come from: what an inbox over many accounts may ask,
  /// sorted by name.
  public var namesWithCredentials: [String] { names.filter(canGiveCredentials) }

  /// Whether a profile says where its credentials come from. Whether they are good is not asked.
  public func canGiveCredentials(_ name: String) -> Bool {
    guard let profile = profile(name) else { return false }
    let roots = [
      ["aws_access_key_id", "aws_secret_access_key"], ["role_arn", "source_profile"],
      ["role_arn", "credential_source"], ["role_arn", "web_identity_token_file"],
      ["sso_account_id", "sso_role_name"], ["login_session"], ["credential_process"],
    ]
    return roots.contains { $0.allSatisfy(profile.has) }
  }

  /// Whether a profile says where to log in, and names no account yet.
  func beginsLogin(_ name: String) -> Bool {
    profile(name).map { $0.has("sso_session") || $0.has("sso_start_url") } ?? false
  }
}

/// Whether an AWS identity is configured, decided without asking anybody: for `--backend auto`.
public enum ConfiguredIdentity {
  /// Whether there is one for `profile`, else for the environment and the default profile. A named
  /// profile or a broken file counts: the operator means AWS, and is to be told what is wrong. An
  /// instance's own role does not count: it would have to be asked for.
  public static func isThere(in world: AWSWorld, profile: String? = nil) -> Bool {
    let lookup = SettingsLookup(environment: world.environment, section: nil)
    let variables = [
      "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
      "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
      "AWS_WEB_IDENTITY_TOKEN_FILE",
    ]
    if profile != nil || variables.contains(where: { lookup.variable($0) != nil }) { return true }
    do {
      let set = try ProfileSet.load(world)
      return set.names.contains { set.canGiveCredentials($0) || set.beginsLogin($0) }
    } catch {
      return true
    }
  }
}
