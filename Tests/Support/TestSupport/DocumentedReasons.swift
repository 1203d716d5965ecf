import Model

/// The reasons that the service documents for each exception (AWS Organizations API reference).
extension Reason {
  /// The reasons of AccessDeniedForDependencyException.
  public static let ofDependency: [Reason] = [
    .accessDeniedDuringCreateServiceLinkedRole
  ]

  /// The reasons of HandshakeConstraintViolationException: 16.
  public static let ofHandshakeConstraint: [Reason] = [
    .accountNumberLimitExceeded, .handshakeRateLimitExceeded, .alreadyInAnOrganization,
    .organizationAlreadyHasAllFeatures, .organizationIsAlreadyPendingAllFeaturesMigration,
    .inviteDisabledDuringEnableAllFeatures, .paymentInstrumentRequired,
    .organizationFromDifferentSellerOfRecord, .organizationMembershipChangeRateLimitExceeded,
    .managementAccountEmailNotVerified, .responsibilityTransferAlreadyExists,
    .sourceAndTargetCannotMatch, .unusedPrepaymentBalance, .legacyPermissionsStillInUse,
    .pastDueInvoice, .targetAccountValidationFailure,
  ]

  /// The reasons of ConstraintViolationException: 48.
  public static let ofConstraint: [Reason] = [
    .accountNumberLimitExceeded, .handshakeRateLimitExceeded, .waitPeriodActive,
    .cannotRemoveDelegatedAdministratorFromOrg, .accountCannotLeaveOrganization,
    .accountCannotLeaveWithoutEula, .accountCannotLeaveWithoutPhoneVerification,
    .memberAccountPaymentInstrumentRequired, .invalidPaymentInstrument,
    .masterAccountPaymentInstrumentRequired, .masterAccountAddressDoesNotMatchMarketplace,
    .masterAccountMissingContactInfo, .masterAccountMissingBusinessLicense,
    .allFeaturesMigrationOrganizationSizeLimitExceeded, .organizationNotInAllFeaturesMode,
    .tagPolicyViolation, .maxTagLimitExceeded, .accountNotActiveForTransferResponsibility,
    .activeResponsibilityTransferProcess, .responsibilityTransferMaxLevelViolation,
    .responsibilityTransferMaxInboundQuotaViolation,
    .responsibilityTransferMaxOutboundQuotaViolation,
    .responsibilityTransferMaxTransfersQuotaViolation,
    .transferResponsibilityTargetDeletionInProgress,
    .transferResponsibilitySourceDeletionInProgress, .transferResponsibilityUpdateNotAllowed,
    .unsupportedPricing, .unmetBillingPrerequisite, .ouNumberLimitExceeded, .ouDepthLimitExceeded,
    .policyNumberLimitExceeded, .policyContentLimitExceeded, .maxPolicyTypeAttachmentLimitExceeded,
    .minPolicyTypeAttachmentLimitExceeded, .policyTypeEnabledForThisService,
    .accountCreationRateLimitExceeded, .accountCreationNotComplete,
    .createOrganizationInBillingModeUnsupportedRegion, .masterAccountNotGovcloudEnabled,
    .emailVerificationCodeExpired, .maxDelegatedAdministratorsForServiceLimitExceeded,
    .cannotRegisterMasterAsDelegatedAdministrator, .delegatedAdministratorExistsForThisService,
    .cannotRegisterSuspendedAccountAsDelegatedAdministrator, .serviceAccessNotEnabled,
    .cannotCloseManagementAccount, .closeAccountQuotaExceeded, .closeAccountRequestsLimitExceeded,
  ]

  /// The reasons of InvalidInputException: 41.
  public static let ofInput: [Reason] = [
    .invalidPattern, .invalidPartyTypeTarget, .invalidEmailAddressTarget, .invalidPatternTargetId,
    .invalidEnum, .invalidListMember, .inputRequired, .callerRequiredFieldMissing,
    .maxLengthExceeded, .minLengthExceeded, .maxValueExceeded, .minValueExceeded, .invalidNextToken,
    .maxLimitExceededFilter, .duplicateTagKey, .invalidSystemTagsParameter, .targetNotSupported,
    .startDateNotBeginningOfMonth, .startDateNotBeginningOfDay, .startDateTooEarly,
    .startDateTooLate, .invalidStartDate, .endDateNotEndOfMonth, .endDateTooEarly, .endDateTooLate,
    .invalidEndDate, .unsupportedActionInResponsibilityTransfer, .invalidSyntaxOrganizationArn,
    .invalidSyntaxPolicyId, .invalidEnumPolicyType, .immutablePolicy,
    .movingAccountBetweenDifferentRoots, .invalidFullNameTarget, .unrecognizedServicePrincipal,
    .invalidRoleName, .invalidResourcePolicyJson, .invalidPrincipal,
    .unsupportedActionInResourcePolicy, .unsupportedPolicyTypeInResourcePolicy,
    .unsupportedResourceInResourcePolicy, .nonDetachablePolicy,
  ]
}
