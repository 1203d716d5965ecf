/// An instant: milliseconds since 1970-01-01T00:00:00Z, the resolution of the service.
public struct Timestamp: Hashable, Comparable, Sendable {
  public var milliseconds: Int64

  public init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }
}

extension Timestamp {
  /// Instants that have a civil date of four digits: years 0000 to 9999.
  public static let representable =
    Timestamp(milliseconds: -62_167_219_200_000)...Timestamp(milliseconds: 253_402_300_799_999)

  /// The instant `span` later. Stops at the ends of `Int64` rather than overflow.
  public static func + (instant: Timestamp, span: Span) -> Timestamp {
    let (sum, overflow) = instant.milliseconds.addingReportingOverflow(span.milliseconds)
    return Timestamp(milliseconds: overflow ? (span.milliseconds < 0 ? .min : .max) : sum)
  }

  public static func - (instant: Timestamp, span: Span) -> Timestamp {
    instant + Span(milliseconds: span.milliseconds == .min ? .max : -span.milliseconds)
  }

  /// How long after `earlier` this is; negative when before.
  public static func - (later: Timestamp, earlier: Timestamp) -> Span {
    let (difference, overflow) = later.milliseconds.subtractingReportingOverflow(
      earlier.milliseconds)
    return Span(milliseconds: overflow ? (later < earlier ? .min : .max) : difference)
  }
}
