import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal

extension Reason {
  /// Returns the cause and remedy of the reason; nil for one that this program does not know.
  ///
  /// `operation` is named for reasons that belong to other operations.
  func meaning(in operation: Operation) -> Meaning? {
    Self.joining[self] ?? Self.leaving[self] ?? Self.transferring[self] ?? Self.input[self]
      ?? Self.elsewhere[self].map { subject in
        Meaning(
          "\(subject), which \(operation.rawValue) is not documented to return.",
          "Read the service's message; if it does not help, ask AWS Support with the request id."
        )
      }
  }

  /// The reasons about joining an organization and about its features and tags.
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

  /// The reasons about leaving the current organization, and about the accounts' contact and
  /// payment data.
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

extension Reason {
  /// The reasons about invalid input.
  static let input: [Reason: Meaning] = [
    .invalidPattern: Meaning(
      "A value does not have the required form, or the notes look like a script.",
      "Correct it: a handshake id is h- and 8 to 32 lower-case letters or digits."),
    .invalidPartyTypeTarget: Meaning(
      "A target is an account or an e-mail address.", "Name one of the two."),
    .invalidEmailAddressTarget: Meaning(
      "The target is not an e-mail address.", "Correct the address."),
    .invalidPatternTargetId: Meaning(
      "The target is not an account id.", "An account id has twelve digits."),
    .invalidEnum: Meaning("A value is not one of the allowed values.", "Correct it."),
    .invalidListMember: Meaning("A member of a list is not allowed there.", "Correct it."),
    .inputRequired: Meaning("A value is missing.", "Add it."),
    .callerRequiredFieldMissing: Meaning(
      "The caller's account, or its management account or organization, is missing.",
      "Check who is calling with `handshake info`."),
    .maxLengthExceeded: Meaning("A text is too long.", "Shorten it; notes hold 1,024 characters."),
    .minLengthExceeded: Meaning("A text is too short.", "Give a longer one."),
    .maxValueExceeded: Meaning("A number is too large.", "Give a smaller one."),
    .minValueExceeded: Meaning("A number is too small.", "Give a larger one."),
    .invalidNextToken: Meaning(
      "The listing cannot be continued where it stopped.", "Refresh: it starts from the beginning."),
    .maxLimitExceededFilter: Meaning(
      "A listing can be filtered by action or by parent, not by both.", "Give one of the two."),
    .duplicateTagKey: Meaning("Two tags have the same key.", "Give each key once."),
    .invalidSystemTagsParameter: Meaning(
      "Keys that begin with aws: are reserved.", "Choose another key."),
    .targetNotSupported: Meaning(
      "This cannot be done to that target.", "Choose another target."),
    .startDateNotBeginningOfMonth: start,
    .startDateNotBeginningOfDay: start,
    .startDateTooEarly: start,
    .startDateTooLate: start,
    .invalidStartDate: start,
    .endDateNotEndOfMonth: end,
    .endDateTooEarly: end,
    .endDateTooLate: end,
    .invalidEndDate: Meaning(
      "The partner's notice period does not allow this end date.", "Choose a later end of a month."),
    .unsupportedActionInResponsibilityTransfer: Meaning(
      "A billing transfer does not support this value.", "Correct it."),
  ]

  private static let start = Meaning(
    "A billing transfer begins on the first day of the next month or the one after, at 00:00 UTC.",
    "Choose such a date.")
  private static let end = Meaning(
    "A billing transfer ends at the end of this month or the next, at 23:59:59.999 UTC.",
    "Choose such a date.")
}

extension Reason {
  /// The reasons about billing transfers.
  static let transferring: [Reason: Meaning] = [
    .responsibilityTransferAlreadyExists: Meaning(
      "It conflicts with the current billing transfer.", "End that transfer first."),
    .sourceAndTargetCannotMatch: Meaning(
      "The sender and the recipient are the same.", "Choose another target."),
    .unusedPrepaymentBalance: Meaning(
      "The account has an unused prepayment.", "Settle it first, with AWS Support if needed."),
    .legacyPermissionsStillInUse: Meaning(
      "Old billing permissions are still in use.",
      "Move to the fine-grained billing actions first."),
    .pastDueInvoice: Meaning("An invoice is overdue.", "Pay it first."),
    .targetAccountValidationFailure: Meaning(
      "Billing transfer is not available for this account.",
      "Ask its billing administrator or AWS Support."),
    .accountNotActiveForTransferResponsibility: Meaning(
      "The account has not been set up completely.", "Finish its set-up, then try again."),
    .activeResponsibilityTransferProcess: Meaning(
      "A billing transfer is pending, so the organization cannot be deleted.",
      "Answer or withdraw the transfer first."),
    .responsibilityTransferMaxLevelViolation: Meaning(
      "The chain of billing transfers would be too long.", "Make it shorter."),
    .responsibilityTransferMaxInboundQuotaViolation: quota,
    .responsibilityTransferMaxOutboundQuotaViolation: quota,
    .responsibilityTransferMaxTransfersQuotaViolation: quota,
    .transferResponsibilityTargetDeletionInProgress: deletion,
    .transferResponsibilitySourceDeletionInProgress: deletion,
    .transferResponsibilityUpdateNotAllowed: Meaning(
      "The billing transfer is no longer active.", "Nothing to change."),
    .unsupportedPricing: eligibility,
    .unmetBillingPrerequisite: eligibility,
  ]

  private static let quota = Meaning(
    "The quota of billing transfers is used up.",
    "End some, or ask AWS Support for more.")
  private static let deletion = Meaning(
    "One of the two organizations is being deleted.", "Nothing to transfer.")
  private static let eligibility = Meaning(
    "The contract or the configuration is not eligible for a billing transfer.",
    "Ask AWS Support.")

  /// The subjects of reasons that are documented only for other operations.
  static let elsewhere: [Reason: String] = [
    .ouNumberLimitExceeded: "A limit on organizational units",
    .ouDepthLimitExceeded: "A limit on organizational units",
    .policyNumberLimitExceeded: "A limit on policies",
    .policyContentLimitExceeded: "A limit on policies",
    .maxPolicyTypeAttachmentLimitExceeded: "A limit on policies",
    .minPolicyTypeAttachmentLimitExceeded: "A limit on policies",
    .policyTypeEnabledForThisService: "A rule about policies",
    .accountCreationRateLimitExceeded: "A limit on creating accounts",
    .accountCreationNotComplete: "A rule about creating accounts",
    .createOrganizationInBillingModeUnsupportedRegion: "A rule about creating organizations",
    .masterAccountNotGovcloudEnabled: "A rule about creating accounts",
    .emailVerificationCodeExpired: "A rule about verifying addresses",
    .maxDelegatedAdministratorsForServiceLimitExceeded: "A limit on delegated administrators",
    .cannotRegisterMasterAsDelegatedAdministrator: "A rule about delegated administrators",
    .delegatedAdministratorExistsForThisService: "A rule about delegated administrators",
    .cannotRegisterSuspendedAccountAsDelegatedAdministrator:
      "A rule about delegated administrators",
    .serviceAccessNotEnabled: "A rule about trusted services",
    .cannotCloseManagementAccount: "A rule about closing accounts",
    .closeAccountQuotaExceeded: "A limit on closing accounts",
    .closeAccountRequestsLimitExceeded: "A limit on closing accounts",
    .invalidSyntaxOrganizationArn: "A rule about organization ARNs",
    .invalidSyntaxPolicyId: "A rule about policies",
    .invalidEnumPolicyType: "A rule about policies",
    .immutablePolicy: "A rule about policies",
    .movingAccountBetweenDifferentRoots: "A rule about moving accounts",
    .invalidFullNameTarget: "A rule about names",
    .unrecognizedServicePrincipal: "A rule about trusted services",
    .invalidRoleName: "A rule about roles",
    .invalidResourcePolicyJson: "A rule about resource policies",
    .invalidPrincipal: "A rule about resource policies",
    .unsupportedActionInResourcePolicy: "A rule about resource policies",
    .unsupportedPolicyTypeInResourcePolicy: "A rule about resource policies",
    .unsupportedResourceInResourcePolicy: "A rule about resource policies",
    .nonDetachablePolicy: "A rule about policies",
  ]
}
