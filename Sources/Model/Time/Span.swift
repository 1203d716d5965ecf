/// A length of time in milliseconds; may be negative.
public struct Span: Hashable, Comparable, Sendable {
  public var milliseconds: Int64

  public init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  // Counts come from files and services: each stops at the ends of `Int64` rather than overflow.
  public static func seconds(_ count: Int64) -> Span { Span(count, times: 1_000) }
  public static func minutes(_ count: Int64) -> Span { Span(count, times: 60_000) }
  public static func hours(_ count: Int64) -> Span { Span(count, times: 3_600_000) }
  public static func days(_ count: Int64) -> Span { Span(count, times: 86_400_000) }

  private init(_ count: Int64, times unit: Int64) {
    let (product, overflow) = count.multipliedReportingOverflow(by: unit)
    milliseconds = overflow ? (count < 0 ? .min : .max) : product
  }

  /// The same length, forwards.
  public var magnitude: Span { Span(milliseconds: Int64(clamping: milliseconds.magnitude)) }

  public static let zero = Span(milliseconds: 0)

  public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

  /// Stops at the ends of `Int64` rather than overflow.
  public static func + (left: Self, right: Self) -> Self {
    let (sum, overflow) = left.milliseconds.addingReportingOverflow(right.milliseconds)
    return Span(milliseconds: overflow ? (right.milliseconds < 0 ? .min : .max) : sum)
  }

  public static func - (left: Self, right: Self) -> Self {
    let (rest, overflow) = left.milliseconds.subtractingReportingOverflow(right.milliseconds)
    return Span(milliseconds: overflow ? (right.milliseconds > 0 ? .min : .max) : rest)
  }
}

extension Span {
  /// Reads a duration as the command line writes it: digits and one of `s m h d`.
  ///
  ///     Span("90m")  // 1 h 30 min
  ///     Span("16d")
  ///     Span("1.5h") // nil
  public init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard let unit = bytes.last, bytes.count > 1,
      bytes.dropLast().allSatisfy({ (0x30...0x39).contains($0) }),
      let count = Int64(String(decoding: bytes.dropLast(), as: UTF8.self))
    else { return nil }
    let factor: Int64
    switch unit {
    case UInt8(ascii: "s"): factor = 1_000
    case UInt8(ascii: "m"): factor = 60_000
    case UInt8(ascii: "h"): factor = 3_600_000
    case UInt8(ascii: "d"): factor = 86_400_000
    default: return nil
    }
    let (product, overflow) = count.multipliedReportingOverflow(by: factor)
    guard !overflow else { return nil }
    self.milliseconds = product
  }
}
