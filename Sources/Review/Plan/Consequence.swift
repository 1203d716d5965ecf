import Model
import Text

/// One thing that an answer does, known before it is given.
public enum Consequence: Hashable, Sendable {
  /// The organization that is left. Its name is the trust list's.
  case leaves(OrganizationID, name: Untrusted?)
  /// Nobody said what the account is in.
  case leavesUnknown
  case joins(OrganizationID, managedBy: AccountID)
  /// It lands in the root, whose policies hold at once.
  case policiesBind
  case billingOnly
  case featuresUnknown
  case payer(AccountID)
  case createsServiceRole
  case noAccessRole
  case trustedServicesMayAct
  /// What ends with the membership that is left.
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

/// What an answer does, and what only the service knows that may stand against it.
public struct Consequences: Hashable, Sendable {
  public var effects: [Consequence]
  /// "AWS may refuse": never a check that passed, because nothing here can tell.
  public var mayBeRefused: [PossibleRefusal]

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
  /// Whether what an answer does can be told: the record is whole, and of a kind that is known.
  public var hasKnownEffects: Bool { damage.isEmpty && shape != .unknown }

  /// When the bill changes hands, if it is told in a form that can be read. Its form is not
  /// documented: epoch seconds, or a date.
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

/// What only the service knows and may refuse an answer for.
public enum PossibleRefusal: Hashable, Sendable {
  /// The caller lacks this permission.
  case permission(String)
  /// A policy of the organization that is left denies organizations:LeaveOrganization.
  case leavingDenied
  /// Created by its organization less than 4 days ago.
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

/// The effects of starting the change to all features: whom it asks and what it cancels.
///
/// AWS Organizations User Guide, "Enabling all features": each member that was invited is asked for
/// its consent, and every open invitation of the organization is cancelled.
public struct AllFeaturesStart: Hashable, Sendable {
  /// The members that are asked.
  public var asks: [Member]
  /// The open invitations that are cancelled.
  public var cancels: [Handshake]
  /// Whether members are asked about whom the service tells nothing here: those created in the
  /// organization are asked only when they have deleted the service-linked role.
  public var mayAskMore: Bool

  /// - Parameters:
  ///   - members: All members of the organization.
  ///   - sent: All that the organization sent.
  init(_ members: [Member], _ sent: [Handshake], of organization: Organization?) {
    let others = members.filter { $0.account != organization?.managementAccount }
    asks = others.filter { $0.joinedMethod != .created }
    mayAskMore = others.contains { $0.joinedMethod == .created }
    cancels = sent.filter { $0.shape == .invitation && $0.isPending }
  }

  /// Reads the whole of it as the account that would start the change.
  ///
  /// - Throws: When a part of it cannot be read: a shorter list would hide what is asked or cancelled.
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
