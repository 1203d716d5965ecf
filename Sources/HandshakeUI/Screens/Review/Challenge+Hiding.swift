import Review

extension Challenge {
  /// Whether the operator has yet to state which organization asks: until then no line names it.
  /// (UX-14.6)
  var hidesSender: Bool {
    guard case .alone = kind else { return false }
    return phase == .organization || phase == .locked
  }
}
