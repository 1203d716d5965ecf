import Text

/// Where a handshake stands (AWS Organizations API reference, `HandshakeState`).
public enum State: Hashable, Sendable {
  case requested
  case open
  case canceled
  case accepted
  case declined
  case expired
  /// A state this program does not know, as it was written.
  case unknown(Untrusted)
}

extension State: WireName {
  public static let named: [(name: StaticString, value: State)] = [
    ("REQUESTED", .requested), ("OPEN", .open), ("CANCELED", .canceled), ("ACCEPTED", .accepted),
    ("DECLINED", .declined), ("EXPIRED", .expired),
  ]

  public var unknownText: Untrusted? {
    if case .unknown(let text) = self { text } else { nil }
  }

  /// REQUESTED and OPEN. Old and new documentation disagree on what sets them apart; for every
  /// action except the parent of "enable all features" they mean the same.
  public var isPending: Bool { self == .requested || self == .open }

  /// ACCEPTED, DECLINED, CANCELED and EXPIRED: the service drops such a handshake after 30 days.
  public var isTerminal: Bool {
    switch self {
    case .canceled, .accepted, .declined, .expired: true
    case .requested, .open, .unknown: false
    }
  }
}
