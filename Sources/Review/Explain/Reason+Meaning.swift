import Model

extension Reason {
  /// What the reason means; nil for one that this program does not know.
  func meaning(in operation: Operation) -> Meaning? {
    Self.joining[self] ?? Self.leaving[self] ?? Self.transferring[self] ?? Self.input[self]
      ?? Self.elsewhere[self].map { subject in
        Meaning(
          "\(subject), which \(operation.rawValue) is not documented to return.",
          "Read the service's message; if it does not help, ask AWS Support with the request id."
        )
      }
  }

  /// A test holds these tables against `Reason.allKnown`.
  static var withMeaning: Set<Reason> {
    [Set(joining.keys), Set(leaving.keys), Set(transferring.keys), Set(input.keys)]
      .reduce(Set(elsewhere.keys)) { $0.union($1) }
  }

  private static let joining: [Reason: Meaning] = [
    .accessDeniedDuringCreateServiceLinkedRole: Meaning(
      "Accepting has to create the role AWSServiceRoleForOrganizations, and the caller may not.",
      "Grant iam:CreateServiceLinkedRole for organizations.amazonaws.com, then accept again."),
    .accountNumberLimitExceeded: Meaning(
      "The organization may not have more accounts; pending invitations and closed accounts count.",
      "Its administrators can raise the quota or cancel stale invitations; a new organization"
        + " has to wait an hour."),
    .handshakeRateLimitExceeded: Meaning(
      "The organization has used up its invitation attempts of one day.",
      "Wait until 24 hours have passed, or get open invitations accepted, which do not count."),
    .alreadyInAnOrganization: Meaning(
      "The account is already a member of this organization, or its move is one that a direct"
        + " transfer does not cover.",
      "Check the account's current organization. If it is another one, leave it first."),
    .organizationAlreadyHasAllFeatures: Meaning(
      "The organization already has all features.", "Nothing to do."),
    .organizationIsAlreadyPendingAllFeaturesMigration: Meaning(
      "The organization is already enabling all features.",
      "Open the existing request in Sent; it can be finalised when every member"
        + " has consented."),
    .inviteDisabledDuringEnableAllFeatures: Meaning(
      "The organization cannot invite while it is enabling all features.",
      "Finalise or cancel that request first."),
    .paymentInstrumentRequired: Meaning(
      "The account has no valid payment method.",
      "Add one in the account's billing console, then accept again."),
    .organizationFromDifferentSellerOfRecord: Meaning(
      "The account and the organization have different sellers of record, or are in different"
        + " partitions.",
      "Only accounts of the same seller can join: change the seller, or ask AWS Support."),
    .organizationMembershipChangeRateLimitExceeded: Meaning(
      "The account has changed its organization too recently.",
      "Wait and try again; AWS does not say how long."),
    .managementAccountEmailNotVerified: Meaning(
      "The e-mail address of the inviting management account has not been verified.",
      "Its owner has to follow the link in the verification mail."),
    .waitPeriodActive: Meaning(
      "The account was created by its organization less than 4 days ago.",
      "Wait until it is 4 days old, then accept again."),
    .allFeaturesMigrationOrganizationSizeLimitExceeded: Meaning(
      "The organization has more than 5,000 accounts.",
      "Ask AWS Support for an assisted migration."),
    .organizationNotInAllFeaturesMode: Meaning(
      "The organization does not have all features.", "Enable all features first."),
    .tagPolicyViolation: Meaning(
      "The tags of the invitation break the organization's tag policy.",
      "Correct the tags and invite again."),
    .maxTagLimitExceeded: Meaning(
      "There would be more than 50 tags.", "Give fewer tags."),
  ]

  private static let leaving: [Reason: Meaning] = [
    .cannotRemoveDelegatedAdministratorFromOrg: Meaning(
      "The account is a delegated administrator in the organization that it would leave.",
      "The management account there has to deregister it first."),
    .accountCannotLeaveOrganization: Meaning(
      "The account manages its organization, and cannot leave it.",
      "Remove its members and delete that organization first."),
    .accountCannotLeaveWithoutEula: Meaning(
      "The account has not accepted the AWS customer agreement.",
      "Sign in as its owner and accept it."),
    .accountCannotLeaveWithoutPhoneVerification: Meaning(
      "The account's phone number has not been verified.",
      "Sign in as its owner and verify it."),
    .memberAccountPaymentInstrumentRequired: Meaning(
      "The member account has no payment method.",
      "Add one in the account's billing console."),
    .invalidPaymentInstrument: Meaning(
      "The account's payment method is not supported.", "Replace it in the billing console."),
    .masterAccountPaymentInstrumentRequired: Meaning(
      "The management account has no payment method.", "Its owner has to add one."),
    .masterAccountAddressDoesNotMatchMarketplace: Meaning(
      "The management account's address does not fit its marketplace.",
      "Move the management account to the marketplace of its address."),
    .masterAccountMissingContactInfo: Meaning(
      "The management account lacks a contact address or phone number.",
      "Its owner has to add them."),
    .masterAccountMissingBusinessLicense: Meaning(
      "The management account lacks a business licence, which China asks for.",
      "Ask AWS Support there."),
  ]
}
