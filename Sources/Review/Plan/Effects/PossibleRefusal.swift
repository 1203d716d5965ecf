import Model

/// What only the service knows and may refuse an answer for.
public enum PossibleRefusal: Hashable, Sendable {
  /// The caller lacks this permission.
  case permission(String)
  /// A policy of the organization that is left denies organizations:LeaveOrganization.
  case leavingDenied
  /// Created by its organization less than 4 days ago.
  case accountTooYoung
  case delegatedAdministrator
  case changedTooRecently
  /// Another seller of record, or another partition.
  case otherSeller
  case organizationFull
  case organizationTooNew
  case noPaymentMethod
  case tooManyAccounts
  case billingPrerequisites

  static func accepting(_ handshake: Handshake, as identity: Identity) -> [PossibleRefusal] {
    let accept = PossibleRefusal.permission("organizations:AcceptHandshake")
    switch handshake.shape {
    case .invitation:
      let leaving: [PossibleRefusal] = [
        .permission("organizations:LeaveOrganization"), .leavingDenied, .accountTooYoung,
        .delegatedAdministrator,
      ]
      let own: [PossibleRefusal] =
        switch identity.membership {
        case .untold: [.noPaymentMethod] + leaving
        case .standalone: [.noPaymentMethod]
        case .member: leaving
        }
      return [accept, .permission("iam:CreateServiceLinkedRole")] + own + [
        .changedTooRecently, .otherSeller, .organizationFull, .organizationTooNew,
      ]
    case .consent: return [accept, .permission("iam:CreateServiceLinkedRole")]
    case .finalisation: return [accept, .tooManyAccounts]
    case .transfer: return [accept, .billingPrerequisites]
    case .unknown: return [accept]
    }
  }
}
