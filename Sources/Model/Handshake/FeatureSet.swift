import Text

/// What an organization can do with its members (AWS Organizations API reference,
/// `OrganizationFeatureSet`).
public enum FeatureSet: Hashable, Sendable {
  /// Policies of the organization bind its members.
  case all
  case consolidatedBilling
  case unknown(Untrusted)
}

extension FeatureSet: WireName {
  public static let named: [(name: StaticString, value: FeatureSet)] = [
    ("ALL", .all), ("CONSOLIDATED_BILLING", .consolidatedBilling),
  ]

  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }
}
