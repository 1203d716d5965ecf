import Model

/// Tells keys that were pressed one by one from a text that came in pieces: a paste without brackets, or
/// typing that a slow link held back. Time alone cannot tell those two apart (ADR 0014) (UX-14.4).
enum Burst {
  /// So many keys within `span` are not pressed by hand.
  static let keys = 4
  static let span = Span(milliseconds: 30)
  /// Keys that come this soon after the one before came together with it.
  static let together = Span(milliseconds: 10)

  /// Returns whether a text whose characters were read at these times came in pieces: four at once
  /// anywhere, or more than half of them together with the one before.
  static func isOne(_ readAt: [Span]) -> Bool {
    let isHeap = zip(readAt, readAt.dropFirst(keys - 1)).contains { $1 - $0 <= span }
    let steps = Array(zip(readAt, readAt.dropFirst()))
    let close = steps.count { $1 - $0 <= together }
    return isHeap || close * 2 > steps.count
  }
}
