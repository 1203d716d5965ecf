/// What the service does with an answer, from the state alone. Source: the errors of
/// AcceptHandshake, DeclineHandshake and CancelHandshake in AWS's API reference (DOM-3.5).
public enum Transition: Hashable, Sendable {
  case allowed
  /// `HandshakeAlreadyInStateException`
  case alreadyInState
  /// `InvalidHandshakeTransitionException`
  case invalid
  /// `AccessDeniedException`: nobody may give this answer to this kind of handshake.
  case denied
}

extension Transition {
  /// The cell of the matrix. `state` is what the service knows, so an expired handshake is EXPIRED.
  public static func of(_ answer: Answer, in state: State, _ shape: Shape) -> Transition {
    if shape == .finalisation, answer == .decline { return .denied }
    switch state {
    case .open: return .allowed
    case .requested:
      // A parent waits for its consents before it can be finalised; its sender may give up.
      return shape == .finalisation && answer == .accept ? .invalid : .allowed
    case .accepted, .declined, .canceled:
      return state == answer.target ? .alreadyInState : .invalid
    case .expired, .unknown: return .invalid
    }
  }
}
