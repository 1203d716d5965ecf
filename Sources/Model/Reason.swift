import Text

/// The reason of a refusal: the `Reason` member of the service's exceptions (AWS Organizations API
/// reference).
public enum Reason: Hashable, Sendable {
  case accessDeniedDuringCreateServiceLinkedRole
  case accountNumberLimitExceeded
  case handshakeRateLimitExceeded
  case alreadyInAnOrganization
  case organizationAlreadyHasAllFeatures
  case organizationIsAlreadyPendingAllFeaturesMigration
  case inviteDisabledDuringEnableAllFeatures
  case paymentInstrumentRequired
  case organizationFromDifferentSellerOfRecord
  case organizationMembershipChangeRateLimitExceeded
  case managementAccountEmailNotVerified
  case responsibilityTransferAlreadyExists
  case sourceAndTargetCannotMatch
  case unusedPrepaymentBalance
  case legacyPermissionsStillInUse
  case pastDueInvoice
  case targetAccountValidationFailure
  case waitPeriodActive
  case cannotRemoveDelegatedAdministratorFromOrg
  case accountCannotLeaveOrganization
  case accountCannotLeaveWithoutEula
  case accountCannotLeaveWithoutPhoneVerification
  case memberAccountPaymentInstrumentRequired
  case invalidPaymentInstrument
  case masterAccountPaymentInstrumentRequired
  case masterAccountAddressDoesNotMatchMarketplace
  case masterAccountMissingContactInfo
  case masterAccountMissingBusinessLicense
  case allFeaturesMigrationOrganizationSizeLimitExceeded
  case organizationNotInAllFeaturesMode
  case tagPolicyViolation
  case maxTagLimitExceeded
  case accountNotActiveForTransferResponsibility
  case activeResponsibilityTransferProcess
  case responsibilityTransferMaxLevelViolation
  case responsibilityTransferMaxInboundQuotaViolation
  case responsibilityTransferMaxOutboundQuotaViolation
  case responsibilityTransferMaxTransfersQuotaViolation
  case transferResponsibilityTargetDeletionInProgress
  case transferResponsibilitySourceDeletionInProgress
  case transferResponsibilityUpdateNotAllowed
  case unsupportedPricing
  case unmetBillingPrerequisite
  case ouNumberLimitExceeded
  case ouDepthLimitExceeded
  case policyNumberLimitExceeded
  case policyContentLimitExceeded
  case maxPolicyTypeAttachmentLimitExceeded
  case minPolicyTypeAttachmentLimitExceeded
  case policyTypeEnabledForThisService
  case accountCreationRateLimitExceeded
  case accountCreationNotComplete
  case createOrganizationInBillingModeUnsupportedRegion
  case masterAccountNotGovcloudEnabled
  case emailVerificationCodeExpired
  case maxDelegatedAdministratorsForServiceLimitExceeded
  case cannotRegisterMasterAsDelegatedAdministrator
  case delegatedAdministratorExistsForThisService
  case cannotRegisterSuspendedAccountAsDelegatedAdministrator
  case serviceAccessNotEnabled
  case cannotCloseManagementAccount
  case closeAccountQuotaExceeded
  case closeAccountRequestsLimitExceeded
  case invalidPattern
  case invalidPartyTypeTarget
  case invalidEmailAddressTarget
  case invalidPatternTargetId
  case invalidEnum
  case invalidListMember
  case inputRequired
  case callerRequiredFieldMissing
  case maxLengthExceeded
  case minLengthExceeded
  case maxValueExceeded
  case minValueExceeded
  case invalidNextToken
  case maxLimitExceededFilter
  case duplicateTagKey
  case invalidSystemTagsParameter
  case targetNotSupported
  case startDateNotBeginningOfMonth
  case startDateNotBeginningOfDay
  case startDateTooEarly
  case startDateTooLate
  case invalidStartDate
  case endDateNotEndOfMonth
  case endDateTooEarly
  case endDateTooLate
  case invalidEndDate
  case unsupportedActionInResponsibilityTransfer
  case invalidSyntaxOrganizationArn
  case invalidSyntaxPolicyId
  case invalidEnumPolicyType
  case immutablePolicy
  case movingAccountBetweenDifferentRoots
  case invalidFullNameTarget
  case unrecognizedServicePrincipal
  case invalidRoleName
  case invalidResourcePolicyJson
  case invalidPrincipal
  case unsupportedActionInResourcePolicy
  case unsupportedPolicyTypeInResourcePolicy
  case unsupportedResourceInResourcePolicy
  case nonDetachablePolicy
  /// A reason that has no case here, as the service wrote it.
  case unknown(Untrusted)
}

extension Reason: WireName {
  /// The reasons in AWS's API reference, each with its case.
  public static let named: [(name: StaticString, value: Reason)] = [
    ("ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE", .accessDeniedDuringCreateServiceLinkedRole),
    ("ACCOUNT_NUMBER_LIMIT_EXCEEDED", .accountNumberLimitExceeded),
    ("HANDSHAKE_RATE_LIMIT_EXCEEDED", .handshakeRateLimitExceeded),
    ("ALREADY_IN_AN_ORGANIZATION", .alreadyInAnOrganization),
    ("ORGANIZATION_ALREADY_HAS_ALL_FEATURES", .organizationAlreadyHasAllFeatures),
    (
      "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION",
      .organizationIsAlreadyPendingAllFeaturesMigration
    ),
    ("INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES", .inviteDisabledDuringEnableAllFeatures),
    ("PAYMENT_INSTRUMENT_REQUIRED", .paymentInstrumentRequired),
    ("ORGANIZATION_FROM_DIFFERENT_SELLER_OF_RECORD", .organizationFromDifferentSellerOfRecord),
    (
      "ORGANIZATION_MEMBERSHIP_CHANGE_RATE_LIMIT_EXCEEDED",
      .organizationMembershipChangeRateLimitExceeded
    ),
    ("MANAGEMENT_ACCOUNT_EMAIL_NOT_VERIFIED", .managementAccountEmailNotVerified),
    ("RESPONSIBILITY_TRANSFER_ALREADY_EXISTS", .responsibilityTransferAlreadyExists),
    ("SOURCE_AND_TARGET_CANNOT_MATCH", .sourceAndTargetCannotMatch),
    ("UNUSED_PREPAYMENT_BALANCE", .unusedPrepaymentBalance),
    ("LEGACY_PERMISSIONS_STILL_IN_USE", .legacyPermissionsStillInUse),
    ("PAST_DUE_INVOICE", .pastDueInvoice),
    ("TARGET_ACCOUNT_VALIDATION_FAILURE", .targetAccountValidationFailure),
    ("WAIT_PERIOD_ACTIVE", .waitPeriodActive),
    ("CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG", .cannotRemoveDelegatedAdministratorFromOrg),
    ("ACCOUNT_CANNOT_LEAVE_ORGANIZATION", .accountCannotLeaveOrganization),
    ("ACCOUNT_CANNOT_LEAVE_WITHOUT_EULA", .accountCannotLeaveWithoutEula),
    (
      "ACCOUNT_CANNOT_LEAVE_WITHOUT_PHONE_VERIFICATION", .accountCannotLeaveWithoutPhoneVerification
    ),
    ("MEMBER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED", .memberAccountPaymentInstrumentRequired),
    ("INVALID_PAYMENT_INSTRUMENT", .invalidPaymentInstrument),
    ("MASTER_ACCOUNT_PAYMENT_INSTRUMENT_REQUIRED", .masterAccountPaymentInstrumentRequired),
    (
      "MASTER_ACCOUNT_ADDRESS_DOES_NOT_MATCH_MARKETPLACE",
      .masterAccountAddressDoesNotMatchMarketplace
    ),
    ("MASTER_ACCOUNT_MISSING_CONTACT_INFO", .masterAccountMissingContactInfo),
    ("MASTER_ACCOUNT_MISSING_BUSINESS_LICENSE", .masterAccountMissingBusinessLicense),
    (
      "ALL_FEATURES_MIGRATION_ORGANIZATION_SIZE_LIMIT_EXCEEDED",
      .allFeaturesMigrationOrganizationSizeLimitExceeded
    ),
    ("ORGANIZATION_NOT_IN_ALL_FEATURES_MODE", .organizationNotInAllFeaturesMode),
    ("TAG_POLICY_VIOLATION", .tagPolicyViolation),
    ("MAX_TAG_LIMIT_EXCEEDED", .maxTagLimitExceeded),
    ("ACCOUNT_NOT_ACTIVE_FOR_TRANSFER_RESPONSIBILITY", .accountNotActiveForTransferResponsibility),
    ("ACTIVE_RESPONSIBILITY_TRANSFER_PROCESS", .activeResponsibilityTransferProcess),
    ("RESPONSIBILITY_TRANSFER_MAX_LEVEL_VIOLATION", .responsibilityTransferMaxLevelViolation),
    (
      "RESPONSIBILITY_TRANSFER_MAX_INBOUND_QUOTA_VIOLATION",
      .responsibilityTransferMaxInboundQuotaViolation
    ),
    (
      "RESPONSIBILITY_TRANSFER_MAX_OUTBOUND_QUOTA_VIOLATION",
      .responsibilityTransferMaxOutboundQuotaViolation
    ),
    (
      "RESPONSIBILITY_TRANSFER_MAX_TRANSFERS_QUOTA_VIOLATION",
      .responsibilityTransferMaxTransfersQuotaViolation
    ),
    (
      "TRANSFER_RESPONSIBILITY_TARGET_DELETION_IN_PROGRESS",
      .transferResponsibilityTargetDeletionInProgress
    ),
    (
      "TRANSFER_RESPONSIBILITY_SOURCE_DELETION_IN_PROGRESS",
      .transferResponsibilitySourceDeletionInProgress
    ),
    ("TRANSFER_RESPONSIBILITY_UPDATE_NOT_ALLOWED", .transferResponsibilityUpdateNotAllowed),
    ("UNSUPPORTED_PRICING", .unsupportedPricing),
    ("UNMET_BILLING_PREREQUISITE", .unmetBillingPrerequisite),
    ("OU_NUMBER_LIMIT_EXCEEDED", .ouNumberLimitExceeded),
    ("OU_DEPTH_LIMIT_EXCEEDED", .ouDepthLimitExceeded),
    ("POLICY_NUMBER_LIMIT_EXCEEDED", .policyNumberLimitExceeded),
    ("POLICY_CONTENT_LIMIT_EXCEEDED", .policyContentLimitExceeded),
    ("MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", .maxPolicyTypeAttachmentLimitExceeded),
    ("MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", .minPolicyTypeAttachmentLimitExceeded),
    ("POLICY_TYPE_ENABLED_FOR_THIS_SERVICE", .policyTypeEnabledForThisService),
    ("ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED", .accountCreationRateLimitExceeded),
    ("ACCOUNT_CREATION_NOT_COMPLETE", .accountCreationNotComplete),
    (
      "CREATE_ORGANIZATION_IN_BILLING_MODE_UNSUPPORTED_REGION",
      .createOrganizationInBillingModeUnsupportedRegion
    ),
    ("MASTER_ACCOUNT_NOT_GOVCLOUD_ENABLED", .masterAccountNotGovcloudEnabled),
    ("EMAIL_VERIFICATION_CODE_EXPIRED", .emailVerificationCodeExpired),
    (
      "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED",
      .maxDelegatedAdministratorsForServiceLimitExceeded
    ),
    (
      "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
      .cannotRegisterMasterAsDelegatedAdministrator
    ),
    (
      "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE", .delegatedAdministratorExistsForThisService
    ),
    (
      "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR",
      .cannotRegisterSuspendedAccountAsDelegatedAdministrator
    ),
    ("SERVICE_ACCESS_NOT_ENABLED", .serviceAccessNotEnabled),
    ("CANNOT_CLOSE_MANAGEMENT_ACCOUNT", .cannotCloseManagementAccount),
    ("CLOSE_ACCOUNT_QUOTA_EXCEEDED", .closeAccountQuotaExceeded),
    ("CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED", .closeAccountRequestsLimitExceeded),
    ("INVALID_PATTERN", .invalidPattern),
    ("INVALID_PARTY_TYPE_TARGET", .invalidPartyTypeTarget),
    ("INVALID_EMAIL_ADDRESS_TARGET", .invalidEmailAddressTarget),
    ("INVALID_PATTERN_TARGET_ID", .invalidPatternTargetId),
    ("INVALID_ENUM", .invalidEnum),
    ("INVALID_LIST_MEMBER", .invalidListMember),
    ("INPUT_REQUIRED", .inputRequired),
    ("CALLER_REQUIRED_FIELD_MISSING", .callerRequiredFieldMissing),
    ("MAX_LENGTH_EXCEEDED", .maxLengthExceeded),
    ("MIN_LENGTH_EXCEEDED", .minLengthExceeded),
    ("MAX_VALUE_EXCEEDED", .maxValueExceeded),
    ("MIN_VALUE_EXCEEDED", .minValueExceeded),
    ("INVALID_NEXT_TOKEN", .invalidNextToken),
    ("MAX_LIMIT_EXCEEDED_FILTER", .maxLimitExceededFilter),
    ("DUPLICATE_TAG_KEY", .duplicateTagKey),
    ("INVALID_SYSTEM_TAGS_PARAMETER", .invalidSystemTagsParameter),
    ("TARGET_NOT_SUPPORTED", .targetNotSupported),
    ("START_DATE_NOT_BEGINNING_OF_MONTH", .startDateNotBeginningOfMonth),
    ("START_DATE_NOT_BEGINNING_OF_DAY", .startDateNotBeginningOfDay),
    ("START_DATE_TOO_EARLY", .startDateTooEarly),
    ("START_DATE_TOO_LATE", .startDateTooLate),
    ("INVALID_START_DATE", .invalidStartDate),
    ("END_DATE_NOT_END_OF_MONTH", .endDateNotEndOfMonth),
    ("END_DATE_TOO_EARLY", .endDateTooEarly),
    ("END_DATE_TOO_LATE", .endDateTooLate),
    ("INVALID_END_DATE", .invalidEndDate),
    ("UNSUPPORTED_ACTION_IN_RESPONSIBILITY_TRANSFER", .unsupportedActionInResponsibilityTransfer),
    ("INVALID_SYNTAX_ORGANIZATION_ARN", .invalidSyntaxOrganizationArn),
    ("INVALID_SYNTAX_POLICY_ID", .invalidSyntaxPolicyId),
    ("INVALID_ENUM_POLICY_TYPE", .invalidEnumPolicyType),
    ("IMMUTABLE_POLICY", .immutablePolicy),
    ("MOVING_ACCOUNT_BETWEEN_DIFFERENT_ROOTS", .movingAccountBetweenDifferentRoots),
    ("INVALID_FULL_NAME_TARGET", .invalidFullNameTarget),
    ("UNRECOGNIZED_SERVICE_PRINCIPAL", .unrecognizedServicePrincipal),
    ("INVALID_ROLE_NAME", .invalidRoleName),
    ("INVALID_RESOURCE_POLICY_JSON", .invalidResourcePolicyJson),
    ("INVALID_PRINCIPAL", .invalidPrincipal),
    ("UNSUPPORTED_ACTION_IN_RESOURCE_POLICY", .unsupportedActionInResourcePolicy),
    ("UNSUPPORTED_POLICY_TYPE_IN_RESOURCE_POLICY", .unsupportedPolicyTypeInResourcePolicy),
    ("UNSUPPORTED_RESOURCE_IN_RESOURCE_POLICY", .unsupportedResourceInResourcePolicy),
    ("NON_DETACHABLE_POLICY", .nonDetachablePolicy),
  ]

  /// The name as the service wrote it, if it has no case here.
  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }
}
