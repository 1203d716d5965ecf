import Model
import Text

// The ways to leave an organization: by itself, removed by the management account, or by moving to
// another.

extension Transaction {
  /// The minimum age at which an account can leave the organization that created it.
  static let minimumAge = Span.days(4)

  func leaveOrganization() throws {
    try authorise()
    guard let organization = try callersOrganization() else { throw Refusal.notInUse }
    guard organization.managementAccount != caller else { throw Self.masterStays }
    try checkNotChanging(organization.id)
    try becomeStandalone(caller)
  }

  func removeAccount(_ text: Untrusted) throws {
    try authorise()
    let id = try Self.checkedAccountID(text)
    let organization = try managedOrganization()
    guard try MembershipRow.fetch(db, of: id)?.organization == organization.id else {
      throw Refusal(
        .accountNotFound, nil,
        "We can't find an AWS account with the AccountId that you "
          + "specified, or the account whose credentials you used to make this request isn't a "
          + "member of an organization.")
    }
    guard organization.managementAccount != id else { throw Self.masterStays }
    try checkNotChanging(organization.id)
    try becomeStandalone(id)
  }

  private static let masterStays = Refusal(
    .masterCannotLeaveOrganization, nil,
    "You can't remove a management account from an organization.")

  /// Ends a membership; the account pays for itself from then on and must be able to.
  private func becomeStandalone(_ id: AccountID) throws {
    guard let account = try AccountRow.fetch(db, id) else { throw DamagedRow(column: "account") }
    try checkMayBeRemoved(account)
    try checkCanPay(account)
    try depart(id)
  }

  private func checkCanPay(_ account: AccountRow) throws {
    switch account.payment {
    case .valid: break
    case .none:
      throw Refusal.constraint(
        .memberAccountPaymentInstrumentRequired,
        "To complete this operation with this account, you must first associate a valid payment "
          + "instrument, such as a credit card, with the account.")
    case .invalid:
      throw Refusal.constraint(
        .invalidPaymentInstrument,
        "You can't remove an account because no supported payment method is associated with it.")
    }
    guard account.agreementAccepted else {
      throw Refusal.constraint(
        .accountCannotLeaveWithoutEula,
        "You attempted to remove an account that has not accepted the end user license agreement.")
    }
    guard account.phoneVerified else {
      throw Refusal.constraint(
        .accountCannotLeaveWithoutPhoneVerification,
        "You attempted to remove an account that has not completed phone verification.")
    }
  }

  /// Refuses if the account may not leave its organization, in whichever way.
  func checkMayBeRemoved(_ account: AccountRow) throws {
    let membership = try MembershipRow.fetch(db, of: account.id)
    if membership?.method == .created, account.created + Self.minimumAge > now {
      throw Refusal.constraint(
        .waitPeriodActive,
        "After you create an account, you must wait until at least four days after the account was "
          + "created before you can remove it from the organization.",
        retryAfter: account.created + Self.minimumAge - now)
    }
    guard try !isDelegatedAdministrator(account.id) else {
      throw Refusal.constraint(
        .cannotRemoveDelegatedAdministratorFromOrg,
        "You attempted to remove an account that is registered as a delegated administrator for a "
          + "service integrated with your organization.")
    }
  }

  /// Ends a membership with its tags and the pending consents that only a member could give.
  func depart(_ id: AccountID) throws {
    guard let membership = try MembershipRow.fetch(db, of: id) else { return }
    try execute("DELETE FROM memberships WHERE account = ?", [id.text])
    try execute("DELETE FROM account_tags WHERE account = ?", [id.text])
    try execute(
      """
      UPDATE handshakes SET state = 'CANCELED', ended = ?
      WHERE recipient = ? AND organization = ? AND kind IN ('consent', 'roleConsent')
        AND ended IS NULL
      """, [now.milliseconds, id.text, membership.organization.text])
    try openParent(of: membership.organization)
  }
}
