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
