import Model
import ReviewInbox
import ReviewJournal
import Text

/// One effect of an answer, known before it is given.
public enum Consequence: Hashable, Sendable {
  /// The organization that is left. Its name is from the trust list.
  case leaves(OrganizationID, name: Untrusted?)
  /// The organization that the account is in is unknown.
  case leavesUnknown
  case joins(OrganizationID, managedBy: AccountID)
  /// The account lands in the root, and its policies apply at once.
  case policiesBind
  case billingOnly
  case featuresUnknown
  case payer(AccountID)
  case createsServiceRole
  case noAccessRole
  case trustedServicesMayAct
  /// Everything that ends with the membership in the old organization.
  case losesOldOrganization
  case costHistoryStays(OrganizationID)
  /// To go back, the account must be allowed to leave and must be able to pay for itself.
  case noUndo

  case consents(OrganizationID)
  case mayRecreateServiceRole
  case nothingBindsYet
  case consentStays

  case enablesAllFeatures(OrganizationID)
  case policiesCanDenyLeaving
  case oneWay

  case handsBillOver(to: AccountID, from: Timestamp?)
  case losesBillingData
  case inheritedTransfersMove
  case eitherMayWithdraw

  case staysOutside(OrganizationID?)
  case staysIn(OrganizationID?)
  case staysUnknown
  case blocksAllFeatures(OrganizationID?)
  case keepsItsBill
  case needsNewInvitation

  case withdrawn(from: Untrusted?)
  case endsAllFeaturesRequest
  case attemptCounts
}

/// The effects of an answer, and the reasons for which only the service may refuse it.
public struct Consequences: Hashable, Sendable {
  /// The effects, in the order in which they are shown; empty if the handshake's kind is unknown or
  /// its record is damaged.
  public var effects: [Consequence]
  /// The possible refusals ("AWS may refuse").
  ///
  /// They are never checks that passed, because they cannot be checked here.
  public var mayBeRefused: [PossibleRefusal]

  /// Derives the effects of `answer` for the acting account.
  ///
  /// `identity` is that of the acting account; names of organizations come from `trust`.
  public init(
    _ answer: Answer, to handshake: Handshake, as identity: Identity, trust: TrustList
  ) {
    guard handshake.hasKnownEffects else {
      effects = []
      mayBeRefused = []
      return
    }
    switch answer {
    case .accept:
      effects = Self.accepting(handshake, identity, trust)
      mayBeRefused = PossibleRefusal.accepting(handshake, as: identity)
    case .decline:
      effects = Self.declining(handshake, identity)
      mayBeRefused = [.permission("organizations:DeclineHandshake")]
    case .cancel:
      effects = Self.cancelling(handshake)
      mayBeRefused = [.permission("organizations:CancelHandshake")]
    }
  }
}

extension Consequences {
  private static func accepting(
    _ handshake: Handshake, _ identity: Identity, _ trust: TrustList
  ) -> [Consequence] {
    guard let arn = handshake.arn else { return [] }
    switch handshake.shape {
    case .invitation: return joining(handshake, arn, identity, trust)
    case .consent:
      return [
        .consents(arn.organization), .mayRecreateServiceRole, .nothingBindsYet, .consentStays,
      ]
    case .finalisation:
      return [.enablesAllFeatures(arn.organization), .policiesCanDenyLeaving, .oneWay]
    case .transfer:
      return [
        .handsBillOver(to: arn.account, from: handshake.transferStart), .losesBillingData,
        .inheritedTransfersMove, .eitherMayWithdraw,
      ]
    case .unknown: return []
    }
  }

  private static func joining(
    _ handshake: Handshake, _ arn: HandshakeARN, _ identity: Identity, _ trust: TrustList
  ) -> [Consequence] {
    var effects: [Consequence] = []
    let left = identity.organization
    switch identity.membership {
    case .untold: effects.append(.leavesUnknown)
    case .standalone: break
    case .member(let left):
      let name = trust.name(of: left.id, managedBy: left.managementAccount)
      effects.append(.leaves(left.id, name: name))
    }
    effects.append(.joins(arn.organization, managedBy: arn.account))
    switch handshake.featureSet {
    case .all: effects.append(.policiesBind)
    case .consolidatedBilling: effects.append(.billingOnly)
    case .unknown, nil: effects.append(.featuresUnknown)
    }
    effects += [.payer(arn.account), .createsServiceRole, .noAccessRole, .trustedServicesMayAct]
    if let left { effects += [.losesOldOrganization, .costHistoryStays(left.id)] }
    return effects + [.noUndo]
  }

  private static func declining(_ handshake: Handshake, _ identity: Identity) -> [Consequence] {
    let sender = handshake.senderOrganization
    switch handshake.shape {
    case .invitation:
      let stays: Consequence =
        switch identity.membership {
        case .untold: .staysUnknown
        case .standalone: .staysOutside(sender)
        case .member(let present): .staysIn(present.id)
        }
      return [stays, .needsNewInvitation]
    case .consent: return [.staysIn(sender), .blocksAllFeatures(sender), .needsNewInvitation]
    case .transfer: return [.keepsItsBill, .needsNewInvitation]
    case .finalisation, .unknown: return []
    }
  }

  private static func cancelling(_ handshake: Handshake) -> [Consequence] {
    let asked = handshake.recipientAccount.map { Untrusted($0.text) } ?? handshake.recipientEmail
    switch handshake.shape {
    case .invitation: return [.withdrawn(from: asked), .attemptCounts, .needsNewInvitation]
    case .consent:
      return [.withdrawn(from: asked), .blocksAllFeatures(handshake.senderOrganization)]
    case .finalisation: return [.endsAllFeaturesRequest]
    case .transfer: return [.withdrawn(from: asked), .needsNewInvitation]
    case .unknown: return [.withdrawn(from: asked)]
    }
  }
}

extension Handshake {
  /// Whether the effects of an answer are known: the record is whole, and of a known kind.
  public var hasKnownEffects: Bool { damage.isEmpty && shape != .unknown }

  /// The time at which the bill changes hands; nil if it is missing or cannot be read.
  ///
  /// Its form is not documented: epoch seconds, or a date.
  var transferStart: Timestamp? {
    guard let text = resource(.transferStartTimestamp)?.value?.asciiText else { return nil }
    if let seconds = Int64(text) {
      let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
      let instant = Timestamp(milliseconds: milliseconds)
      return overflow || !Timestamp.representable.contains(instant) ? nil : instant
    }
    let fields = text.prefix(10).split(separator: "-", omittingEmptySubsequences: false)
    guard fields.count == 3, let year = Int(fields[0]), let month = Int(fields[1]),
      let day = Int(fields[2]), (0...9_999).contains(year)
    else { return nil }
    let date = CivilDate(year: year, month: month, day: day)
    return date.isValid ? date.instant : nil
  }
}

/// A reason that only the service knows, for which it may refuse an answer.
public enum PossibleRefusal: Hashable, Sendable {
  /// The caller lacks this permission.
  case permission(String)
  /// A policy of the organization that is left denies organizations:LeaveOrganization.
  case leavingDenied
  /// The account was created by its organization less than 4 days ago.
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

  /// Returns the possible refusals of an accept by the account of `identity`.
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

/// One thing that an operator still has to do after an accept was applied.
public enum AfterAccept: Hashable, Sendable {
  /// The account landed in the root: move it to its unit.
  case moveToUnit(AccountID, OrganizationID)
  /// No OrganizationAccountAccessRole was made.
  case createAccessRole(AccountID, managedBy: AccountID)
  case enrolInControlTower(AccountID)
  case tag(AccountID)
  case checkBilling(AccountID)
  /// Access that was given through the old organization's sign-in is gone.
  case checkWayIn(AccountID)
  /// The other members still have to consent.
  case waitForOtherMembers(OrganizationID)
  case reviewPolicies(OrganizationID)
  case exportBillingData(AccountID)

  /// Returns the steps that remain after an accept, in the order in which they are shown.
  ///
  /// `before` is the identity of the account when it accepted.
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

/// The effects of starting the change to all features: the members it asks and what it cancels.
///
/// AWS Organizations User Guide, "Enabling all features": each member that was invited is asked for
/// its consent, and every open invitation of the organization is cancelled.
public struct AllFeaturesStart: Hashable, Sendable {
  /// The members that are asked.
  public var asks: [Member]
  /// The open invitations that are cancelled.
  public var cancels: [Handshake]
  /// Whether other members may be asked too.
  ///
  /// Members that were created in the organization are asked only if they have deleted the
  /// service-linked role, which the service does not show here.
  public var mayAskMore: Bool

  /// Derives the effects from all `members` of the organization and everything that it `sent`.
  init(_ members: [Member], _ sent: [Handshake], of organization: Organization?) {
    let others = members.filter { $0.account != organization?.managementAccount }
    asks = others.filter { $0.joinedMethod != .created }
    mayAskMore = others.contains { $0.joinedMethod == .created }
    cancels = sent.filter { $0.shape == .invitation && $0.isPending }
  }

  /// Reads everything that is needed, as the account that would start the change.
  ///
  /// - Throws: The error of the first page that cannot be read, or of a listing that goes round in
  ///   a circle or does not end. A shorter list would hide what is asked or cancelled.
  public static func read(
    through reader: any HandshakeReader, as identity: Identity
  ) async throws(BackendError) -> Self {
    var members: [Member] = []
    var trail = PageTrail()
    var token: PageToken?
    repeat {
      let reply = try await reader.members(page: token)
      members += reply.value.members
      token = try trail.next(after: reply, of: .listAccounts)
    } while token != nil
    let sent = try await reader.everyPage(of: Query(.sent)).get()
    return AllFeaturesStart(members, sent, of: identity.organization)
  }
}
