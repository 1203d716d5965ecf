import Text

/// What a handshake is for (AWS Organizations API reference, `ActionType`).
///
/// Not who may answer it: AWS's own pages contradict each other on which name goes to whom when all
/// features are enabled. `Handshake.shape` tells that.
public enum Action: Hashable, Sendable {
  case invite
  case enableAllFeatures
  case approveAllFeatures
  case addOrganizationsServiceLinkedRole
  case transferResponsibility
  case unknown(Untrusted)
}

extension Action: WireName {
  public static let named: [(name: StaticString, value: Action)] = [
    ("INVITE", .invite),
    ("ENABLE_ALL_FEATURES", .enableAllFeatures),
    ("APPROVE_ALL_FEATURES", .approveAllFeatures),
    ("ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE", .addOrganizationsServiceLinkedRole),
    ("TRANSFER_RESPONSIBILITY", .transferResponsibility),
  ]

  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }
}
