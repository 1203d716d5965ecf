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
