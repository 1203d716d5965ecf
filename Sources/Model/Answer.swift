/// The three things that can be done to a handshake.
public enum Answer: String, Hashable, CaseIterable, Sendable {
  case accept
  case decline
  case cancel

  /// The state that this answer leads to.
  public var target: State {
    switch self {
    case .accept: .accepted
    case .decline: .declined
    case .cancel: .canceled
    }
  }
}

/// What kind of handshake it is, from its structure.
///
/// AWS's pages disagree on which `Action` goes to whom (the API reference and the user guide have
/// ENABLE_ALL_FEATURES and APPROVE_ALL_FEATURES the other way round), so the name decides nothing.
/// (DOM-2)
public enum Shape: Hashable, Sendable {
  /// An account is asked to join the organization.
  case invitation
  /// One consent of many: a PARENT_HANDSHAKE resource is there. The account party answers it.
  case consent
  /// The parent of such consents: its one party is the organization, whose management account
  /// finalises it.
  case finalisation
  /// Another organization's management account is asked to hand its bill over.
  case transfer
  /// None of these: shown, never answered.
  case unknown
}

extension Handshake {
  /// The kind, from the structure. An action that is not known or damaged makes the kind unknown, and a member asked
  /// for the service-linked role consents, whether or not the request names its parent.
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

/// What the service does with an answer, from the state alone. Source: the errors of
/// AcceptHandshake, DeclineHandshake and CancelHandshake in AWS's API reference (DOM-3.5).
public enum Transition: Hashable, Sendable {
  case allowed
  /// `HandshakeAlreadyInStateException`
  case alreadyInState
  /// `InvalidHandshakeTransitionException`
  case invalid
  /// `AccessDeniedException`: nobody may give this answer to this kind of handshake.
  case denied
}

extension Transition {
  /// The cell of the matrix. `state` is what the service knows, so an expired handshake is EXPIRED.
  public static func of(_ answer: Answer, in state: State, _ shape: Shape) -> Transition {
    if shape == .finalisation, answer == .decline { return .denied }
    switch state {
    case .open: return .allowed
    case .requested:
      // A parent waits for its consents before it can be finalised; its sender may give up.
      return shape == .finalisation && answer == .accept ? .invalid : .allowed
    case .accepted, .declined, .canceled:
      return state == answer.target ? .alreadyInState : .invalid
    case .expired, .unknown: return .invalid
    }
  }
}

/// Why an answer cannot be given, as far as the handshake, the caller and the clock tell. What only
/// the service knows (permissions, policies, payment) is not here (DOM-4).
public enum Impediment: Hashable, Sendable {
  /// The record could not be read whole.
  case damaged
  /// It was listed, and is not any more.
  case notListed
  /// Structure or action is not one this program knows.
  case unknownKind
  /// It is not pending any more.
  case settled(State)
  /// Its time is over although the state does not say so yet.
  case expired(Timestamp)
  /// A parent whose members have not all consented.
  case waitingForMembers
  /// Only the sender may; the caller is not.
  case onlySender(AccountID?)
  /// Only the recipient may; the caller is not.
  case onlyRecipient(AccountID?)
  /// Only the recipient may, and a document does not name its account.
  case unnamedRecipient
  /// Only the management account of the sending organization may finalise.
  case onlyManagement(AccountID?)
  /// There is nobody who could decline a finalisation: cancel it.
  case nothingToDecline
  /// A management account cannot join another organization.
  case managementAccountCannotJoin
  /// It is already a member of this organization.
  case alreadyMember(OrganizationID)
  /// A bill is handed over by a management account only.
  case onlyManagementTransfers
}

/// Whose eyes look at a handshake: an account, and how it came to see the handshake.
public struct Viewpoint: Hashable, Sendable {
  public var identity: Identity
  /// Whether the service lists the handshake among those the account received. Settles who is
  /// asked when it was sent to an e-mail address.
  public var received: Bool

  public init(_ identity: Identity, received: Bool) {
    self.identity = identity
    self.received = received
  }
}

extension Handshake {
  /// The first reason against `answer`; nil when the service may be asked.
  public func impediment(to answer: Answer, for viewer: Viewpoint, at now: Timestamp) -> Impediment?
  {
    guard damage.isEmpty, let state, id != nil, arn != nil else { return .damaged }
    let shape = shape
    guard shape != .unknown, action?.unknownText == nil else { return .unknownKind }
    guard state.isPending else { return .settled(state) }
    if let expires, expires <= now { return .expired(expires) }
    if let wrongSide = wrongSide(of: answer, shape: shape, for: viewer) { return wrongSide }
    if answer == .accept { return obstacle(shape: shape, state: state, for: viewer.identity) }
    return nil
  }

  private func wrongSide(of answer: Answer, shape: Shape, for viewer: Viewpoint) -> Impediment? {
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

  private func obstacle(shape: Shape, state: State, for identity: Identity) -> Impediment? {
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
