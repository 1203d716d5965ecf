import Text

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
      bytes.dropLast().allSatisfy({ $0.isASCIIDigit }),
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

/// A date and time of day in the proleptic Gregorian calendar, UTC.
public struct CivilDate: Hashable, Sendable {
  public var year: Int
  /// 1…12
  public var month: Int
  /// 1…31
  public var day: Int
  public var hour: Int
  public var minute: Int
  public var second: Int
  public var millisecond: Int

  public init(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0,
    millisecond: Int = 0
  ) {
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
    self.millisecond = millisecond
  }

  /// The civil date of an instant, any instant.
  public init(_ instant: Timestamp) {
    let (days, inDay) = instant.milliseconds.flooringDivision(by: 86_400_000)
    // Days to date by 400-year eras that begin on 1 March, so that the leap day comes last.
    let (era, dayOfEra) = (days + 719_468).flooringDivision(by: 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = Int(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    month = Int(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9)
    year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
    hour = Int(inDay / 3_600_000)
    minute = Int(inDay / 60_000 % 60)
    second = Int(inDay / 1_000 % 60)
    millisecond = Int(inDay % 1_000)
  }

  /// Whether each field is within its range (leap seconds are not).
  public var isValid: Bool {
    (1...12).contains(month) && (1...Self.days(inMonth: month, of: year)).contains(day)
      && (0...23).contains(hour) && (0...59).contains(minute) && (0...59).contains(second)
      && (0...999).contains(millisecond)
  }

  /// The instant of this date, which must be valid. Stops at the ends of `Int64` rather than overflow.
  public var instant: Timestamp {
    let shiftedYear = Int64(month <= 2 ? year - 1 : year)
    let (era, yearOfEra) = shiftedYear.flooringDivision(by: 400)
    let monthFromMarch = Int64(month > 2 ? month - 3 : month + 9)
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + Int64(day) - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    let days = era * 146_097 + dayOfEra - 719_468
    let inDay = Int64(((hour * 60 + minute) * 60 + second) * 1_000 + millisecond)
    return Timestamp(milliseconds: Span.days(days).milliseconds) + Span(milliseconds: inDay)
  }

  /// 28 to 31; 0 for a month that is none.
  public static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 1, 3, 5, 7, 8, 10, 12: 31
    case 4, 6, 9, 11: 30
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    default: 0
    }
  }
}

extension Int64 {
  /// Quotient and remainder with the remainder never negative.
  fileprivate func flooringDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

extension Timestamp {
  /// `2016-12-13T19:14:19.257000+00:00`: what AWS CLI v2 prints (microseconds, none when whole
  /// seconds, always UTC).
  public var awsCLIText: String {
    let date = CivilDate(self)
    let fraction = date.millisecond == 0 ? "" : ".\(date.millisecond.padded(3))000"
    return "\(dayText)T\(date.hour.padded(2)):\(date.minute.padded(2)):\(date.second.padded(2))"
      + "\(fraction)+00:00"
  }

  /// `2016-12-13`
  public var dayText: String {
    let date = CivilDate(self)
    return "\(date.year.padded(4))-\(date.month.padded(2))-\(date.day.padded(2))"
  }

  /// `2016-12-13 19:14Z`
  public var minuteText: String {
    let date = CivilDate(self)
    return "\(dayText) \(date.hour.padded(2)):\(date.minute.padded(2))Z"
  }

  /// `2016-12-13T19:14:19.257Z`, always with milliseconds: what the journal writes. An instant that has no
  /// date of four digits is written as the nearest that has one, so that it can be read again.
  public var journalText: String {
    let instant = min(
      max(self, Self.representable.lowerBound), Self.representable.upperBound)
    let date = CivilDate(instant)
    return
      "\(instant.dayText)T\(date.hour.padded(2)):\(date.minute.padded(2)):\(date.second.padded(2))"
      + ".\(date.millisecond.padded(3))Z"
  }
}

extension Int {
  /// In decimal with zeros in front, up to `width` digits.
  ///
  ///     7.padded(2)  // "07"
  public func padded(_ width: Int) -> String {
    let digits = String(magnitude)
    let zeros = String(repeating: "0", count: Swift.max(0, width - digits.utf8.count))
    return (self < 0 ? "-" : "") + zeros + digits
  }
}

/// What time it is. Injected everywhere below the executable, so that tests choose it.
public protocol TimeSource: Sendable {
  /// The wall clock, which may jump.
  func now() -> Timestamp
  /// Time since some fixed instant that never goes back, counting while the machine sleeps
  /// (CLOCK_BOOTTIME): for ages, time-outs and finding a suspend.
  func uptime() -> Span
}

/// Unpredictable bytes, or in tests predictable ones.
public protocol RandomSource: Sendable {
  func bytes(_ count: Int) -> [UInt8]
}

extension RandomSource {
  /// Returns a new version 4 UUID.
  public func uuid() -> UUID4 { UUID4(random: bytes(16)) }
}

/// Lets time pass. Injected, so that tests need none.
public protocol Sleeper: Sendable {
  /// Returns after about this long, or sooner when the task is cancelled.
  func sleep(_ span: Span) async
}

/// Really lets it pass.
public struct TaskSleeper: Sleeper {
  public init() {}

  public func sleep(_ span: Span) async {
    // SAFETY: the only error is that of a cancelled task, which is to return early.
    try? await Task.sleep(for: .milliseconds(max(0, span.milliseconds)))
  }
}
