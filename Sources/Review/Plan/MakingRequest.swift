import Model
import Text

/// The flags of a command that makes a handshake: the ladder of confirmations for `invite` and
/// `enable-all-features`.
public struct MakingRequest: Hashable, Sendable {
  public var act: Act
  public var reason: Untrusted?
  /// `--yes`
  public var isConfirmed: Bool

  public enum Act: Hashable, Sendable {
    case invite
    /// Starting it cancels open invitations and cannot be undone once it is finalised: the organization
    /// is stated, as for an accept.
    case enableAllFeatures(expected: OrganizationID?)
  }

  public init(_ act: Act, reason: Untrusted? = nil, isConfirmed: Bool = false) {
    self.act = act
    self.reason = reason
    self.isConfirmed = isConfirmed
  }

  /// Returns why it is refused before anything is read, the confirmation apart; nil when it is not.
  public var refusal: SafetyRefusal? {
    if case .enableAllFeatures(expected: nil) = act { return .expectationMissing }
    return reason?.isBlank ?? true ? .reasonMissing : nil
  }

  /// Returns why it is refused for an account that is in `organization`; nil when it is not.
  public func refusal(of account: AccountID, in organization: OrganizationID?) -> SafetyRefusal? {
    guard case .enableAllFeatures(let expected?) = act, expected != organization else { return nil }
    return .organizationDiffers(account, organization)
  }
}
