import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import Text

extension Consequence {
  /// The word in front of the sentence, such as `leaves`, `joins` or `payer`.
  public var label: String {
    switch self {
    case .leaves, .leavesUnknown: "leaves"
    case .joins: "joins"
    case .policiesBind, .billingOnly, .featuresUnknown, .policiesCanDenyLeaving: "control"
    case .payer, .handsBillOver, .keepsItsBill: "payer"
    case .createsServiceRole, .mayRecreateServiceRole: "role"
    case .noAccessRole, .trustedServicesMayAct: "access"
    case .losesOldOrganization, .costHistoryStays, .losesBillingData, .inheritedTransfersMove:
      "loses"
    case .noUndo, .consentStays, .oneWay, .eitherMayWithdraw, .needsNewInvitation: "undo"
    case .consents: "agrees"
    case .enablesAllFeatures: "enables"
    case .nothingBindsYet: "now"
    case .staysOutside, .staysIn, .staysUnknown: "stays"
    case .blocksAllFeatures, .endsAllFeaturesRequest, .withdrawn: "ends"
    case .attemptCounts: "quota"
    }
  }

  /// Returns the sentence that follows the label.
  ///
  /// Ids are printable as they are; names go through the sanitiser.
  public func words(in charset: Charset) -> String {
    switch self {
    case .leaves(let id, let name): id.text + name.shown(in: charset)
    case .leavesUnknown: "unknown: the document does not contain the account's organization"
    case .joins(let id, let account):
      "\(id.text) as a member, management account \(account.text) (from the ARN)"
    case .policiesBind:
      "features ALL: its SCPs apply at once and can block leaving"
    case .billingOnly: "features CONSOLIDATED_BILLING: its SCPs do not apply yet"
    case .featuresUnknown: "features unknown: expect its SCPs to apply"
    case .payer(let account): "\(account.text) pays all charges and sees all costs"
    case .createsServiceRole: "AWSServiceRoleForOrganizations is created in the account"
    case .noAccessRole:
      "AWS does not create OrganizationAccountAccessRole; nobody gains access by this"
    case .trustedServicesMayAct: "services that the organization trusts may act in the account"
    case .losesOldOrganization:
      "old policies, Identity Center access, org-scoped shares, service-managed stacks, tags"
    case .costHistoryStays(let id): "its cost history stays with \(id.text)"
    case .noUndo: "none. Leaving later needs permission and its own payment method"
    case .consents(let id): "to all features in \(id.text)"
    case .mayRecreateServiceRole: "AWSServiceRoleForOrganizations may be created again"
    case .nothingBindsYet: "no policy applies until the management account finalises the request"
    case .consentStays: "none: a consent cannot be withdrawn"
    case .enablesAllFeatures(let id): "all features in \(id.text) and all its members"
    case .policiesCanDenyLeaving: "its SCPs apply to every member and can block leaving"
    case .oneWay: "none: all features cannot be disabled again"
    case .handsBillOver(let account, let start):
      "\(account.text) receives the whole bill from \(start?.dayText ?? "the requested date") on"
    case .losesBillingData:
      "billed costs, Cost Explorer and budget history, the credits page; reports stop"
    case .inheritedTransfersMove: "billing it already pays for others moves to the new payer too"
    case .eitherMayWithdraw: "either side can end the transfer later"
    case .staysOutside: "in no organization"
    case .staysIn(let id): "in \(id?.text ?? "its organization")"
    case .staysUnknown: "in its current organization, which the document does not contain"
    case .blocksAllFeatures(let id):
      "all features for \(id?.text ?? "it"), until the account gets a new request or is removed"
    case .keepsItsBill: "the organization keeps paying its own bill"
    case .needsNewInvitation: "none; a new invitation is needed"
    case .withdrawn(let asked):
      "the request to\(asked.shown(in: charset)); it can no longer be accepted"
    case .endsAllFeaturesRequest: "the request and every consent, requested or given"
    case .attemptCounts: "the invitation still counts against the quota for 24 hours"
    }
  }
}

extension Untrusted? {
  /// Returns the text with a blank in front; empty for nil.
  fileprivate func shown(in charset: Charset) -> String {
    map { " " + Sanitiser.render($0, for: .dialog, in: charset) } ?? ""
  }
}

extension PossibleRefusal {
  /// The condition that follows "AWS refuses if:".
  public var words: String {
    switch self {
    case .permission(let name): "the caller lacks \(name)"
    case .leavingDenied: "a policy of its organization denies organizations:LeaveOrganization"
    case .accountTooYoung: "its organization created the account less than 4 days ago"
    case .delegatedAdministrator: "the account is a delegated administrator"
    case .changedTooRecently: "the account changed its organization too recently"
    case .otherSeller: "account and organization have different sellers of record or partitions"
    case .organizationFull: "the organization has reached its account quota"
    case .organizationTooNew: "the organization is less than 7 days old"
    case .noPaymentMethod: "the account has no valid payment method"
    case .tooManyAccounts: "the organization has more than 5,000 accounts"
    case .billingPrerequisites: "the contract, an open invoice or another transfer prevents it"
    }
  }
}

extension AfterAccept {
  /// The task of the operator, as an instruction without a full stop.
  public var words: String {
    switch self {
    case .moveToUnit(let account, let organization):
      "move \(account.text) from the root of \(organization.text) to its organizational unit"
    case .createAccessRole(let account, let manager):
      "create OrganizationAccountAccessRole in \(account.text) for \(manager.text) (AWS does not)"
    case .enrolInControlTower(let account):
      "enrol \(account.text) in Control Tower, if used: create AWSControlTowerExecution first"
    case .tag(let account): "tag \(account.text): tags from the previous organization are lost"
    case .checkBilling(let account): "check the billing of \(account.text): payer, budgets, alerts"
    case .checkWayIn(let account):
      "check your access to \(account.text): sign-in from the previous organization is lost"
    case .waitForOtherMembers(let organization):
      "wait for the other members; then the management account of \(organization.text) finalises"
    case .reviewPolicies(let organization):
      "review the policies of \(organization.text): they now apply to every member"
    case .exportBillingData(let account):
      "export the billing data of \(account.text) before the transfer starts"
    }
  }
}
