import Text

/// An offer between AWS accounts that one side made and the other has yet to answer, as the service
/// tells it (AWS Organizations API reference, `Handshake`).
///
/// No member is promised by the service, and any may be malformed: what could not be read is nil
/// here and named in `damage`. There is no member for when it was answered or by whom.
public struct Handshake: Hashable, Sendable {
  public var id: HandshakeID?
  public var arn: HandshakeARN?
  public var parties: [Party]
  public var state: State?
  public var requested: Timestamp?
  public var expires: Timestamp?
  public var action: Action?
  public var resources: [Resource]
  /// Empty for a sound record.
  public var damage: [Damage]

  public init(
    id: HandshakeID?, arn: HandshakeARN?, parties: [Party], state: State?, requested: Timestamp?,
    expires: Timestamp?, action: Action?, resources: [Resource], damage: [Damage] = []
  ) {
    self.id = id
    self.arn = arn
    self.parties = parties
    self.state = state
    self.requested = requested
    self.expires = expires
    self.action = action
    self.resources = resources
    self.damage = damage
  }

  public var isPending: Bool { state?.isPending ?? false }
}
