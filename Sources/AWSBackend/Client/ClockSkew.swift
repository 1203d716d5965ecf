import Model
import Text

/// By how much a server's clock is ahead of ours, as its replies show it.
struct ClockSkew: Hashable, Sendable {
  /// Nil while no reply showed it.
  private(set) var span: Span?
  /// What was measured last and is too much to be believed.
  private(set) var refused: Span?

  /// Beyond this, an error about signatures is taken for one about the time.
  static let suspicious = Span.seconds(240)
  /// A reply that took longer says too little about when it was made.
  static let longestTrip = Span.minutes(15)
  /// A clock that is further off is not followed.
  static let largest = Span.hours(24)

  init(_ span: Span? = nil) { self.span = span }

  /// What our clock is corrected by before signing.
  var correction: Span { span ?? .zero }

  /// Learns from a reply, whatever its status: its `Date` against the middle of the round trip.
  ///
  /// - Parameters:
  ///   - received: Our clock when it was there.
  ///   - trip: How long it took, on the monotonic clock.
  mutating func learn(date: Timestamp?, isCached: Bool, received: Timestamp, trip: Span) {
    guard let date, !isCached, trip <= Self.longestTrip else { return }
    let middle = received - Span(milliseconds: trip.milliseconds / 2)
    let measured = date - middle
    guard abs(measured) <= Self.largest else {
      refused = measured
      return
    }
    refused = nil
    span = measured
  }

  /// Whether an error with this code, to a request signed with a correction of `used`, is about the
  /// time, so that signing with what is known now may help. An error that came although the
  /// correction was right is not, or one would go round in circles.
  func explains(_ code: Untrusted?, signedWith used: Span) -> Bool {
    guard let span, let code = code?.asciiText, Self.codes.contains(code) else { return false }
    return abs(span - used) > Self.suspicious
  }

  /// What the last reply says about the clock that a request was signed with.
  func evidence(signedWith used: Span) -> ClockEvidence? {
    guard let measured = refused ?? span else { return nil }
    let off = measured - used
    return abs(off) > Self.suspicious ? .ahead(off) : .right
  }

  private static let codes: Set = [
    "InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure", "RequestTimeTooSkewed",
    "AccessDeniedException",
  ]
}

private func abs(_ span: Span) -> Span {
  Span(milliseconds: Int64(clamping: span.milliseconds.magnitude))
}
