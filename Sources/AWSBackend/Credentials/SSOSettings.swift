import Crypto
import Model
import Signing
import Text

/// The settings of a profile for IAM Identity Center.
struct SSOSettings: Hashable, Sendable {
  var profile: String
  /// The name of the `[sso-session …]`; nil in the older form, whose tokens cannot be refreshed.
  var session: String?
  var startURL: Untrusted
  var region: Untrusted
  /// The account to sign in to; nil, with the role, in a profile for tokens only.
  var account: Untrusted?
  var role: Untrusted?
  /// The scopes to register for; only a session has any.
  var scopes: [Untrusted] = []

  /// Returns the path of the file in which `aws sso login` keeps the token: the SHA-1 of the
  /// session's name, or of the URL without a session.
  func tokenFile(in folder: String) -> String {
    let key = session.map { Array($0.utf8) } ?? startURL.bytes
    return "\(folder)/\(Insecure.SHA1.hash(data: key).hexadecimal).json"
  }

  /// Returns whether the profile's credentials come from IAM Identity Center.
  ///
  /// As in the AWS CLI, a profile that names neither account nor role has the settings for the
  /// tokens of other tools.
  static func givesKeys(_ section: ConfigSection) -> Bool {
    section.has("sso_account_id") || section.has("sso_role_name")
  }

  /// Reads the settings of a profile; nil if its credentials come from elsewhere.
  ///
  /// - Throws: `CredentialsFault` with `.misconfigured` if a setting is missing, the session does
  ///   not exist, or the profile and its session differ.
  static func read(
    _ section: ConfigSection, _ profiles: ProfileSet
  ) throws(CredentialsFault) -> SSOSettings? {
    let keys = ["sso_account_id", "sso_role_name", "sso_session", "sso_start_url", "sso_region"]
    guard keys.contains(where: section.has) else { return nil }
    let account = section.text("sso_account_id")?.value
    let role = section.text("sso_role_name")?.value
    // A profile may name a session for the tokens of other tools and have its keys from elsewhere.
    let others = ["aws_access_key_id", "login_session", "credential_process"]
    if account == nil, role == nil, others.contains(where: section.has) { return nil }
    if (account == nil) != (role == nil) {
      let absent = account == nil ? "sso_account_id" : "sso_role_name"
      throw fault(section, "\(absent) is not set, but the other of the two is")
    }
    let (place, session) = try place(section, profiles)
    guard let url = place.text("sso_start_url")?.value,
      let region = place.text("sso_region")?.value
    else {
      let absent = place.has("sso_start_url") ? "sso_region" : "sso_start_url"
      throw fault(
        section, "\(absent) is not set in the \(session == nil ? "profile" : "[sso-session …]")")
    }
    for (key, value) in [("sso_start_url", url), ("sso_region", region)] {
      if let own = section.text(key)?.value, own != value {
        throw fault(section, "\(key) differs between the profile and its [sso-session …]")
      }
    }
    return SSOSettings(
      profile: section.name, session: session, startURL: url, region: region, account: account,
      role: role, scopes: session == nil ? [] : scopes(place))
  }

  /// Returns the section with the URL and the region, and the session's name if it is a session.
  private static func place(
    _ section: ConfigSection, _ profiles: ProfileSet
  ) throws(CredentialsFault) -> (ConfigSection, String?) {
    guard let said = section.text("sso_session")?.value else { return (section, nil) }
    let name = said.text
    guard let session = profiles.ssoSession(name) else {
      throw fault(section, "no section [sso-session …] has the name in sso_session")
    }
    return (session, name)
  }

  private static func scopes(_ session: ConfigSection) -> [Untrusted] {
    let said = session.text("sso_registration_scopes")?.value.bytes ?? []
    let scopes = said.split { $0 == UInt8(ascii: ",") || $0 == 0x20 || $0 == 0x0A || $0 == 0x09 }
      .map { Untrusted(bytes: $0) }
    return scopes.isEmpty ? [Untrusted("sso:account:access")] : scopes
  }

  private static func fault(_ section: ConfigSection, _ detail: String) -> CredentialsFault {
    CredentialsFault(
      .misconfigured, from: .sso, profile: Untrusted(section.name), detail: Untrusted(detail))
  }
}
