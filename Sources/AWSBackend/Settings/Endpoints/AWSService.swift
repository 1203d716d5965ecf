/// The services that this program asks.
public enum AWSService: String, Hashable, CaseIterable, Sendable {
  case organizations
  case sts
  /// The portal that hands out role credentials for a login.
  case sso
  case ssoOIDC = "sso_oidc"
  /// Where `aws login` sessions are refreshed.
  case signin

  /// The service's name in the scope of a signature.
  public var signingName: String {
    switch self {
    case .organizations: "organizations"
    case .sts: "sts"
    case .sso: "awsssoportal"
    case .ssoOIDC: "sso-oauth"
    case .signin: "signin"
    }
  }
}
