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
