import Text

/// A fact that a handshake carries, with facts below it: a tree.
public struct Resource: Hashable, Sendable {
  public var type: ResourceType
  /// Nil when the member was absent.
  public var value: Untrusted?
  public var resources: [Resource]
  /// How many further resources lay below this one, beyond the depth that is kept.
  public var deeper: Int

  /// Levels of resources that are kept; what lies below is only counted (`deeper`).
  public static let depthKept = 64

  public init(
    type: ResourceType, value: Untrusted?, resources: [Resource] = [], deeper: Int = 0
  ) {
    self.type = type
    self.value = value
    self.resources = resources
    self.deeper = deeper
  }
}

/// AWS Organizations API reference, `HandshakeResourceType`.
public enum ResourceType: Hashable, Sendable {
  case account
  case organization
  case organizationFeatureSet
  case email
  case masterEmail
  case masterName
  case notes
  case parentHandshake
  case responsibilityTransfer
  case transferStartTimestamp
  case transferType
  case managementAccount
  case managementEmail
  case managementName
  case unknown(Untrusted)
}

extension ResourceType: WireName {
  public static let named: [(name: StaticString, value: ResourceType)] = [
    ("ACCOUNT", .account),
    ("ORGANIZATION", .organization),
    ("ORGANIZATION_FEATURE_SET", .organizationFeatureSet),
    ("EMAIL", .email),
    ("MASTER_EMAIL", .masterEmail),
    ("MASTER_NAME", .masterName),
    ("NOTES", .notes),
    ("PARENT_HANDSHAKE", .parentHandshake),
    ("RESPONSIBILITY_TRANSFER", .responsibilityTransfer),
    ("TRANSFER_START_TIMESTAMP", .transferStartTimestamp),
    ("TRANSFER_TYPE", .transferType),
    ("MANAGEMENT_ACCOUNT", .managementAccount),
    ("MANAGEMENT_EMAIL", .managementEmail),
    ("MANAGEMENT_NAME", .managementName),
  ]

  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }

  /// Whether the value is text of the sender's choosing: names, addresses and notes, which prove
  /// nothing, and every type that is not known.
  public var isSendersText: Bool {
    switch self {
    case .masterEmail, .masterName, .notes, .managementEmail, .managementName, .unknown: true
    case .account, .organization, .organizationFeatureSet, .email, .parentHandshake,
      .responsibilityTransfer, .transferStartTimestamp, .transferType, .managementAccount:
      false
    }
  }
}
