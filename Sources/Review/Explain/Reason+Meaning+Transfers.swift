import Model

extension Reason {
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

  /// Reasons that only calls about something else give, by what that is.
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
