/// The three things that can be done to a handshake.
public enum Answer: String, Hashable, CaseIterable, Sendable {
  case accept
  case decline
  case cancel

  /// The state that this answer leads to.
  public var target: State {
    switch self {
    case .accept: .accepted
    case .decline: .declined
    case .cancel: .canceled
    }
  }
}
