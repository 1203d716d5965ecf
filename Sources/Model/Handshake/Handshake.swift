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

// Two replies to one handshake differ in the order of its parties, which means nothing.
extension Handshake {
  public static func == (left: Handshake, right: Handshake) -> Bool {
    left.id == right.id && left.state == right.state && left.arn == right.arn
      && left.requested == right.requested && left.expires == right.expires
      && left.action == right.action && left.parties.isSame(as: right.parties)
      && left.resources == right.resources && left.damage == right.damage
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(id)
    hasher.combine(state)
    hasher.combine(expires)
    hasher.combine(Set(parties))
    hasher.combine(resources)
  }
}

extension [Party] {
  /// Whether the same parties stand here, each as often, in any order.
  fileprivate func isSame(as others: [Party]) -> Bool {
    if self == others { return true }
    guard count == others.count else { return false }
    var left = others
    return allSatisfy { party in
      guard let index = left.firstIndex(of: party) else { return false }
      left.remove(at: index)
      return true
    }
  }
}
