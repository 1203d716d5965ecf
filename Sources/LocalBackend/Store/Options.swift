extension Store {
  /// How an embedded organization was made. Kept in its file; holds for all its users, and for the
  /// one that `reset` makes in its place.
  public struct Options: Hashable, Sendable {
    public var reading: Reading
    /// Whether the service's request rates are enforced.
    public var throttle: Bool
    /// How many pending invitations to make in place of the demonstration.
    public var size: Int?
    /// One organization with one account, a standalone account, and nothing sent.
    public var empty: Bool
    /// Chooses among equal worlds: names, ids, the order of parties.
    public var seed: UInt64

    public init(
      reading: Reading = .guide, throttle: Bool = false, size: Int? = nil, empty: Bool = false,
      seed: UInt64 = 1
    ) {
      self.reading = reading
      self.throttle = throttle
      self.size = size
      self.empty = empty
      self.seed = seed
    }
  }

  /// What to play where AWS's own pages contradict each other (DOM-14.2).
  public enum Reading: String, Hashable, CaseIterable, Sendable {
    /// The user guide: members are asked by APPROVE_ALL_FEATURES and the parent is
    /// ENABLE_ALL_FEATURES; moving between organizations needs `organizations:LeaveOrganization`;
    /// invitations go on while all features are being enabled.
    case guide
    /// The API reference: the two actions the other way round; moving needs no such permission; no
    /// invitations while all features are being enabled.
    case reference
  }
}
