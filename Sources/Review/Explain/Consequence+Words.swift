import Model
import Text

extension Consequence {
  /// The word in front of the sentence: `leaves`, `joins`, `payer`.
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
    case .consents, .enablesAllFeatures: "agrees"
    case .nothingBindsYet: "now"
    case .staysOutside, .staysIn, .staysUnknown: "stays"
    case .blocksAllFeatures, .endsAllFeaturesRequest, .withdrawn: "ends"
    case .attemptCounts: "quota"
    }
  }

  /// The sentence behind it. Ids are printable as they are; names go through the sanitiser.
  public func words(in charset: Charset) -> String {
    switch self {
    case .leaves(let id, let name): id.text + name.shown(in: charset)
    case .leavesUnknown: "not known: a document does not tell what the account is in"
    case .joins(let id, let account):
      "\(id.text) as a member, management account \(account.text) (from the ARN)"
    case .policiesBind:
      "features ALL: its policies bind the account at once, and can deny leaving again"
    case .billingOnly: "features CONSOLIDATED_BILLING: its policies do not bind the account yet"
    case .featuresUnknown: "it does not say which features it has: count on its policies"
    case .payer(let account): "\(account.text) pays for everything, and sees all of the costs"
    case .createsServiceRole: "AWSServiceRoleForOrganizations is created in the account"
    case .noAccessRole: "OrganizationAccountAccessRole is not created: nobody gets a way in"
    case .trustedServicesMayAct: "services that the organization trusts may act in the account"
    case .losesOldOrganization:
      "old policies, Identity Center access, org-scoped shares, service-managed stacks, tags"
    case .costHistoryStays(let id): "its cost history stays with \(id.text)"
    case .noUndo: "none here: to leave, it needs permission and a payment method of its own"
    case .consents(let id): "that \(id.text) enables all features"
    case .mayRecreateServiceRole: "AWSServiceRoleForOrganizations may be created again"
    case .nothingBindsYet: "no policy binds until the management account finalises"
    case .consentStays: "none: a consent cannot be taken back"
    case .enablesAllFeatures(let id): "\(id.text) gets all features, and so do all of its members"
    case .policiesCanDenyLeaving: "its policies bind every member, and can deny leaving"
    case .oneWay: "none: all features cannot be disabled again"
    case .handsBillOver(let account, let start):
      "\(account.text) gets the whole bill from \(start?.dayText ?? "the date in the request") on"
    case .losesBillingData:
      "billed costs, Cost Explorer and budget history, the credits page; reports stop"
    case .inheritedTransfersMove: "bills that are transferred to it move up too"
    case .eitherMayWithdraw: "either side can end the transfer later"
    case .staysOutside: "in no organization"
    case .staysIn(let id): "in \(id?.text ?? "its organization")"
    case .staysUnknown: "where it is, which a document does not tell"
    case .blocksAllFeatures(let id):
      "all features for \(id?.text ?? "it"), until the account is asked again or removed"
    case .keepsItsBill: "the organization goes on paying its own bill"
    case .needsNewInvitation: "none; a new invitation is needed"
    case .withdrawn(let asked): "the request to\(asked.shown(in: charset)): it cannot be accepted"
    case .endsAllFeaturesRequest: "the request and every consent that was asked for or given"
    case .attemptCounts: "the attempt still counts for 24 hours"
    }
  }
}

extension Untrusted? {
  /// With a blank in front; nothing when there is none.
  fileprivate func shown(in charset: Charset) -> String {
    map { " " + Sanitiser.render($0, for: .dialog, in: charset) } ?? ""
  }
}

extension PossibleRefusal {
  /// Goes on from "AWS may refuse:".
  public var words: String {
    switch self {
    case .permission(let name): "the caller lacks \(name)"
    case .leavingDenied: "a policy of its organization denies organizations:LeaveOrganization"
    case .accountTooYoung: "its organization created the account less than 4 days ago"
    case .delegatedAdministrator: "the account is a delegated administrator"
    case .changedTooRecently: "the account changed its organization too recently"
    case .otherSeller: "account and organization have different sellers of record or partitions"
    case .organizationFull: "the organization has no account left in its quota"
    case .organizationTooNew: "the organization is less than 7 days old"
    case .noPaymentMethod: "the account has no valid payment method"
    case .tooManyAccounts: "the organization has more than 5,000 accounts"
    case .billingPrerequisites: "the contract, an open invoice or a transfer stands against it"
    }
  }
}

extension AfterAccept {
  public var words: String {
    switch self {
    case .moveToUnit(let account, let organization):
      "move \(account.text) from the root of \(organization.text) to its organizational unit"
    case .createAccessRole(let account, let manager):
      "create OrganizationAccountAccessRole in \(account.text) for \(manager.text): nothing made it"
    case .enrolInControlTower(let account):
      "enrol \(account.text) in Control Tower, if used: create AWSControlTowerExecution first"
    case .tag(let account): "tag \(account.text): tags of an old organization are gone"
    case .checkBilling(let account): "check the billing of \(account.text): payer, budgets, alerts"
    case .checkWayIn(let account):
      "check your way into \(account.text): what its old organization's sign-in gave is gone"
    case .waitForOtherMembers(let organization):
      "wait for the other members: the management account of \(organization.text) finalises"
    case .reviewPolicies(let organization):
      "review the policies of \(organization.text): they bind every member now"
    case .exportBillingData(let account):
      "export the billing data of \(account.text) before the transfer starts"
    }
  }
}
