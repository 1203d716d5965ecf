import Model

/// What befalls one call: at most one fault in place of it or after it, delays, an empty page.
struct Strike: Hashable, Sendable {
  var before: Fault?
  var after: Fault?
  var delayBefore = Span.zero
  var delayAfter = Span.zero
  var isPageEmpty = false

  /// Until the call is due.
  func waitBefore() async { await Self.wait(delayBefore) }

  /// Until the reply is due.
  func waitAfter() async { await Self.wait(delayAfter) }

  private static func wait(_ span: Span) async {
    guard span > .zero else { return }
    // SAFETY: cancelled only when the server ends.
    try? await Task.sleep(for: .milliseconds(span.milliseconds))
  }

  func hasRoom(for fault: Fault, _ operation: Operation) -> Bool {
    switch fault {
    case .throttle, .conflict, .errorBefore, .lostBefore, .htmlBefore: before == nil && after == nil
    case .errorAfter, .lost, .reset, .truncated, .html, .trickle: before == nil && after == nil
    case .slow: delayAfter == .zero
    case .late: delayBefore == .zero
    case .emptyPages: !isPageEmpty && before == nil && operation.isListing
    case .skew: false
    }
  }

  mutating func take(_ fault: Fault) {
    switch fault {
    case .throttle, .conflict, .errorBefore, .lostBefore, .htmlBefore: before = fault
    case .errorAfter, .lost, .reset, .truncated, .html, .trickle: after = fault
    case .slow(let span): delayAfter = span
    case .late(let span): delayBefore = span
    case .emptyPages: isPageEmpty = true
    case .skew: break
    }
  }
}
