import Model

/// What an operator still has to do once an accept is through.
public enum AfterAccept: Hashable, Sendable {
  /// It landed in the root: move it to its unit.
  case moveToUnit(AccountID, OrganizationID)
  /// No OrganizationAccountAccessRole was made.
  case createAccessRole(AccountID, managedBy: AccountID)
  case enrolInControlTower(AccountID)
  case tag(AccountID)
  case checkBilling(AccountID)
  /// What was given through the old organization's sign-in is gone.
  case checkWayIn(AccountID)
  /// The others who still have to consent.
  case waitForOtherMembers(OrganizationID)
  case reviewPolicies(OrganizationID)
  case exportBillingData(AccountID)

  /// `before` is who the account was when it accepted.
  public static func steps(after handshake: Handshake, as before: Identity) -> [AfterAccept] {
    guard let arn = handshake.arn else { return [] }
    let account = before.account
    switch handshake.shape {
    case .invitation:
      let wayIn: [AfterAccept] = before.organization == nil ? [] : [.checkWayIn(account)]
      return wayIn + [
        .moveToUnit(account, arn.organization), .createAccessRole(account, managedBy: arn.account),
        .enrolInControlTower(account), .tag(account), .checkBilling(account),
      ]
    case .consent: return [.waitForOtherMembers(arn.organization)]
    case .finalisation: return [.reviewPolicies(arn.organization)]
    case .transfer: return [.exportBillingData(account), .checkBilling(account)]
    case .unknown: return []
    }
  }
}
