import Text

/// A fact that a handshake carries, with further facts below it as a tree.
public struct Resource: Hashable, Sendable {
  /// The meaning of `value`.
  public var type: ResourceType
  /// The value as the service wrote it; nil if the member was absent.
  public var value: Untrusted?
  /// The resources one level below, in the service's order.
  public var resources: [Resource]
  /// The number of resources below this one that lay beyond the depth kept, and were only counted.
  public var deeper: Int

  /// The number of levels of resources that are kept; deeper ones are counted in `deeper`
  /// (SEC-3.8).
  public static let depthKept = 64

  /// Creates a resource; `deeper` counts those below it that were not kept.
  public init(
    type: ResourceType, value: Untrusted?, resources: [Resource] = [], deeper: Int = 0
  ) {
    self.type = type
    self.value = value
    self.resources = resources
    self.deeper = deeper
  }
}

/// The type of a resource (AWS Organizations API reference, `HandshakeResourceType`).
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
  /// The names in AWS's `HandshakeResourceType`, each with its case.
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

  /// The name as the service wrote it, if it has no case here.
  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }

  /// Whether the value is text that the sender chose, which proves nothing.
  ///
  /// It is for names, addresses and notes, and for every unknown type.
  public var isSendersText: Bool {
    switch self {
    case .masterEmail, .masterName, .notes, .managementEmail, .managementName, .unknown: true
    case .account, .organization, .organizationFeatureSet, .email, .parentHandshake,
      .responsibilityTransfer, .transferStartTimestamp, .transferType, .managementAccount:
      false
    }
  }
}
