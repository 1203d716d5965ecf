/// An act that ends a pending handshake.
public enum Answer: String, Hashable, CaseIterable, Sendable {
  case accept
  case decline
  case cancel

  /// The state that the handshake has after this answer.
  public var target: HandshakeState {
    switch self {
    case .accept: .accepted
    case .decline: .declined
    case .cancel: .canceled
    }
  }
}

/// The kind of a handshake, derived from its structure.
///
/// The name of its `Action` decides nothing, because AWS's pages disagree on which action is sent
/// to whom: the API reference and the user guide have ENABLE_ALL_FEATURES and APPROVE_ALL_FEATURES
/// the other way round (DOM-2, DOM-14.1).
public enum Shape: Hashable, Sendable {
  /// An account is asked to join the organization.
  case invitation
  /// One consent of many, with a PARENT_HANDSHAKE resource. The account party answers it.
  case consent
  /// The parent of such consents. Its one party is the organization, whose management account
  /// finalises it.
  case finalisation
  /// Another organization's management account is asked to hand its bill over.
  case transfer
  /// None of these. Such a handshake is shown and cannot be answered.
  case unknown
}

extension Handshake {
  /// The kind of this handshake, derived from its parties and resources.
  ///
  /// An unknown action, or one lost to damage, makes the kind unknown. A member that is asked for
  /// the service-linked role gives a consent, whether or not the request names its parent
  /// (DOM-2.3).
  public var shape: Shape {
    if action?.unknownText != nil || (action == nil && !damage.isEmpty) { return .unknown }
    let structure = structuralShape
    return structure == .invitation && action == .addOrganizationsServiceLinkedRole
      ? .consent : structure
  }

  private var structuralShape: Shape {
    guard parties.contains(where: { $0.type == .organization }) else { return .unknown }
    if resource(.parentHandshake) != nil { return .consent }
    if parties.count == 1 { return .finalisation }
    guard parties.count == 2,
      parties.contains(where: { $0.type == .account || $0.type == .email })
    else { return .unknown }
    let transfer = resource { $0 == .responsibilityTransfer || $0 == .transferType }
    if transfer != nil { return .transfer }
    return .invitation
  }
}

/// The service's response to an answer, derived from the handshake's state alone.
///
/// Source: the errors of AcceptHandshake, DeclineHandshake and CancelHandshake in AWS's API
/// reference (DOM-3.5).
public enum Transition: Hashable, Sendable {
  case allowed
  /// The service responds with `HandshakeAlreadyInStateException`.
  case alreadyInState
  /// The service responds with `InvalidHandshakeTransitionException`.
  case invalid
  /// The service responds with `AccessDeniedException`: nobody may give this answer to this kind.
  case denied
}

extension Transition {
  /// Returns the response to `answer` for a handshake of this kind and state.
  ///
  /// `state` is the state by the service's clock: an overdue handshake is `.expired`.
  public static func of(_ answer: Answer, in state: HandshakeState, _ shape: Shape) -> Transition {
    if shape == .finalisation, answer == .decline { return .denied }
    switch state {
    case .open: return .allowed
    case .requested:
      // A parent waits for its consents before it can be finalised; its sender may cancel it
      // meanwhile.
      return shape == .finalisation && answer == .accept ? .invalid : .allowed
    case .accepted, .declined, .canceled:
      return state == answer.target ? .alreadyInState : .invalid
    case .expired, .unknown: return .invalid
    }
  }
}

/// A reason why an answer is unavailable, known from the handshake, the caller and the clock.
///
/// Reasons that only the service knows (permissions, policies, payment) are not included (DOM-4,
/// DOM-7).
public enum Ineligibility: Hashable, Sendable {
  /// The record could not be read completely.
  case damaged
  /// An earlier listing had the handshake, the latest one does not.
  case notListed
  /// This program does not know the structure or the action.
  case unknownKind
  /// The handshake is no longer pending.
  case settled(HandshakeState)
  /// The handshake has expired, although its state does not say so yet.
  case expired(Timestamp)
  /// The handshake is a parent, and not all members have consented.
  case waitingForMembers
  /// Only the sender, the account given, may cancel, and the caller is another account.
  case onlySender(AccountID?)
  /// Only the recipient, the account given, may answer, and the caller is another account.
  case onlyRecipient(AccountID?)
  /// Only the recipient may answer, and a saved document does not name its account.
  case unnamedRecipient
  /// Only the management account of the sending organization may finalise.
  case onlyManagement(AccountID?)
  /// A finalisation cannot be declined by anybody; it can be cancelled.
  case nothingToDecline
  /// A management account cannot join another organization.
  case managementAccountCannotJoin
  /// The account is already a member of this organization.
  case alreadyMember(OrganizationID)
  /// Only a management account can hand its bill over.
  case onlyManagementTransfers
}

/// An account that views a handshake, and how it came to see the handshake.
public struct Viewpoint: Hashable, Sendable {
  /// The account viewed, with its caller and organization.
  public var identity: Identity
  /// Whether the service lists the handshake among those that the account received.
  ///
  /// This decides who the recipient is if the handshake was sent to an e-mail address (DOM-4.2).
  public var received: Bool

  /// Creates the view of a handshake by the account of `identity`.
  public init(_ identity: Identity, received: Bool) {
    self.identity = identity
    self.received = received
  }
}

extension Handshake {
  /// Returns the first reason why `viewer` cannot give `answer` at `now`; nil if there is none.
  ///
  /// `now` is the service's time (DOM-5.4). The checks run in this order: damage, kind, state,
  /// expiry, side, and for an accept the account's role.
  public func impediment(to answer: Answer, for viewer: Viewpoint, at now: Timestamp)
    -> Ineligibility?
  {
    guard damage.isEmpty, let state, id != nil, arn != nil else { return .damaged }
    let shape = shape
    guard shape != .unknown, action?.unknownText == nil else { return .unknownKind }
    guard state.isPending else { return .settled(state) }
    if let expires, expires <= now { return .expired(expires) }
    if let wrongSide = wrongSide(of: answer, shape: shape, for: viewer) { return wrongSide }
    if answer == .accept { return disabledReason(shape: shape, state: state, for: viewer.identity) }
    return nil
  }

  private func wrongSide(of answer: Answer, shape: Shape, for viewer: Viewpoint) -> Ineligibility? {
    let caller = viewer.identity.account
    switch (answer, shape) {
    case (.cancel, _):
      return caller == senderAccount ? nil : .onlySender(senderAccount)
    case (.decline, .finalisation):
      return .nothingToDecline
    case (.accept, .finalisation):
      return caller == senderAccount ? nil : .onlyManagement(senderAccount)
    case (.accept, _), (.decline, _):
      return isRecipient(viewer) ? nil : .onlyRecipient(recipientAccount)
    }
  }

  private func isRecipient(_ viewer: Viewpoint) -> Bool {
    if let recipientAccount { return recipientAccount == viewer.identity.account }
    return viewer.received && viewer.identity.account != senderAccount
  }

  private func disabledReason(shape: Shape, state: HandshakeState, for identity: Identity)
    -> Ineligibility?
  {
    switch shape {
    case .finalisation:
      return state == .requested ? .waitingForMembers : nil
    case .invitation:
      if identity.role == .management { return .managementAccountCannotJoin }
      if let organization = identity.organization?.id, organization == senderOrganization {
        return .alreadyMember(organization)
      }
      return nil
    case .transfer:
      return identity.role == .management ? nil : .onlyManagementTransfers
    case .consent, .unknown:
      return nil
    }
  }
}
