/// A role that can be assumed. Every account of the store has any role one may name; a few names have
/// a trust policy of their own, to try what clients do about it.
public struct SandboxRole: Hashable, Sendable {
  public let name: String

  /// Trusts whoever gives a code of six digits from an MFA device; `000000` is always wrong.
  public static let withMFA = SandboxRole(name: "OperatorWithMFA")
  /// Trusts whoever knows `externalID`.
  public static let withExternalID = SandboxRole(name: "OperatorWithExternalId")
  /// Trusts nobody.
  public static let trustingNobody = SandboxRole(name: "NobodyMayAssume")

  public static let externalID = "sandbox-external-id"
  static let wrongCode = "000000"

  /// Whether the trust policy's conditions are met.
  func trusts(_ request: AssumeRoleRequest) -> Bool {
    switch self {
    case .withMFA: request.serialNumber != nil && request.tokenCode != nil
    case .withExternalID: request.externalID == Self.externalID
    case .trustingNobody: false
    default: true
    }
  }

  /// Why the MFA code is not believed; nil when it is, or none was given. A code is checked whenever
  /// one is sent.
  func refusal(_ request: AssumeRoleRequest) -> QueryError? {
    switch (request.serialNumber, request.tokenCode) {
    case (nil, nil): nil
    case (.some, .some(Self.wrongCode)):
      QueryError(
        403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code."
      )
    case (.some, .some): nil
    default:
      QueryError(
        403, "AccessDenied",
        "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass "
          + "code.")
    }
  }
}
