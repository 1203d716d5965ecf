import Text

/// An instant in milliseconds since 1970-01-01T00:00:00Z, which is the service's resolution.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// The milliseconds since 1970-01-01T00:00:00Z; negative before.
  public var milliseconds: Int64

  /// Creates an instant from milliseconds since 1970-01-01T00:00:00Z.
  public init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  /// Returns whether `left` is earlier than `right`.
  public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }
}

extension Timestamp {
  /// The instants that have a civil date of four digits: years 0000 to 9999.
  public static let representable =
    Timestamp(milliseconds: -62_167_219_200_000)...Timestamp(milliseconds: 253_402_300_799_999)

  /// Returns the instant that is `span` later, clamped to the range of `Int64`.
  public static func + (instant: Timestamp, span: Span) -> Timestamp {
    let (sum, overflow) = instant.milliseconds.addingReportingOverflow(span.milliseconds)
    return Timestamp(milliseconds: overflow ? (span.milliseconds < 0 ? .min : .max) : sum)
  }

  /// Returns the instant that is `span` earlier, clamped to the range of `Int64`.
  public static func - (instant: Timestamp, span: Span) -> Timestamp {
    instant + Span(milliseconds: span.milliseconds == .min ? .max : -span.milliseconds)
  }

  /// Returns the time from `earlier` to `later`; negative if `later` is before `earlier`.
  public static func - (later: Timestamp, earlier: Timestamp) -> Span {
    let (difference, overflow) = later.milliseconds.subtractingReportingOverflow(
      earlier.milliseconds)
    return Span(milliseconds: overflow ? (later < earlier ? .min : .max) : difference)
  }
}

/// A length of time in milliseconds, which may be negative.
public struct Span: Hashable, Comparable, Sendable {
  /// The length in milliseconds.
  public var milliseconds: Int64

  /// Creates a length of time from milliseconds.
  public init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  /// Returns `count` seconds, clamped to the range of `Int64` milliseconds.
  public static func seconds(_ count: Int64) -> Span { Span(count, times: 1_000) }
  /// Returns `count` minutes, clamped to the range of `Int64` milliseconds.
  public static func minutes(_ count: Int64) -> Span { Span(count, times: 60_000) }
  /// Returns `count` hours, clamped to the range of `Int64` milliseconds.
  public static func hours(_ count: Int64) -> Span { Span(count, times: 3_600_000) }
  /// Returns `count` days, clamped to the range of `Int64` milliseconds.
  public static func days(_ count: Int64) -> Span { Span(count, times: 86_400_000) }

  /// Creates a clamped product, because counts come from files and services.
  private init(_ count: Int64, times unit: Int64) {
    let (product, overflow) = count.multipliedReportingOverflow(by: unit)
    milliseconds = overflow ? (count < 0 ? .min : .max) : product
  }

  /// The absolute value.
  public var magnitude: Span { Span(milliseconds: Int64(clamping: milliseconds.magnitude)) }

  /// No time at all.
  public static let zero = Span(milliseconds: 0)

  /// Returns whether `left` is shorter than `right`; a negative length is shorter than zero.
  public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

  /// Returns the sum, clamped to the range of `Int64`.
  public static func + (left: Self, right: Self) -> Self {
    let (sum, overflow) = left.milliseconds.addingReportingOverflow(right.milliseconds)
    return Span(milliseconds: overflow ? (right.milliseconds < 0 ? .min : .max) : sum)
  }

  /// Returns the difference, clamped to the range of `Int64`.
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

/// A date and time of day in the proleptic Gregorian calendar, in UTC.
public struct CivilDate: Hashable, Sendable {
  /// The year; 0 is 1 BC.
  public var year: Int
  /// The month, 1…12.
  public var month: Int
  /// The day of the month, 1…31.
  public var day: Int
  /// The hour, 0…23.
  public var hour: Int
  /// The minute, 0…59.
  public var minute: Int
  /// The second, 0…59; there are no leap seconds.
  public var second: Int
  /// The millisecond, 0…999.
  public var millisecond: Int

  /// Creates a date without validating it; see `isValid`.
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

  /// Creates the date and time of an instant; every instant has one.
  public init(_ instant: Timestamp) {
    let (days, inDay) = instant.milliseconds.flooringDivision(by: 86_400_000)
    // The date is computed in 400-year eras that begin on 1 March, so that the leap day comes last.
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

  /// Whether each field is within its range; a leap second is not.
  public var isValid: Bool {
    (1...12).contains(month) && (1...Self.days(inMonth: month, of: year)).contains(day)
      && (0...23).contains(hour) && (0...59).contains(minute) && (0...59).contains(second)
      && (0...999).contains(millisecond)
  }

  /// The instant of this date, which must be valid, clamped to the range of `Int64`.
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

  /// Returns the number of days in a month, 28 to 31; 0 if `month` is not in 1…12.
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
  /// Returns quotient and remainder, the remainder never negative.
  fileprivate func flooringDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

extension Timestamp {
  /// The instant as AWS CLI v2 prints it, such as `2016-12-13T19:14:19.257000+00:00`.
  ///
  /// It has microseconds, or no fraction for whole seconds, and is always in UTC.
  public var awsCLIText: String {
    let date = CivilDate(self)
    let fraction = date.millisecond == 0 ? "" : ".\(date.millisecond.padded(3))000"
    return "\(dayText)T\(date.hour.padded(2)):\(date.minute.padded(2)):\(date.second.padded(2))"
      + "\(fraction)+00:00"
  }

  /// The date in UTC, such as `2016-12-13`.
  public var dayText: String {
    let date = CivilDate(self)
    return "\(date.year.padded(4))-\(date.month.padded(2))-\(date.day.padded(2))"
  }

  /// The date and time to the minute in UTC, such as `2016-12-13 19:14Z`.
  public var minuteText: String {
    let date = CivilDate(self)
    return "\(dayText) \(date.hour.padded(2)):\(date.minute.padded(2))Z"
  }

  /// The instant as the journal writes it, always with milliseconds: `2016-12-13T19:14:19.257Z`.
  ///
  /// An instant without a date of four digits is written as the nearest that has one, so that it
  /// can be read again.
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
  /// Returns the number in decimal, with zeros in front up to `width` digits.
  ///
  ///     7.padded(2)  // "07"
  public func padded(_ width: Int) -> String {
    let digits = String(magnitude)
    let zeros = String(repeating: "0", count: Swift.max(0, width - digits.utf8.count))
    return (self < 0 ? "-" : "") + zeros + digits
  }
}

/// The clocks of a process.
///
/// They are injected everywhere below the executable, so that tests choose the time.
public protocol TimeSource: Sendable {
  /// Returns the wall-clock time, which may jump.
  func now() -> Timestamp
  /// Returns the time since some fixed instant (CLOCK_BOOTTIME).
  ///
  /// It never goes back, and counts while the machine sleeps. It is for ages, time-outs and
  /// detecting a suspend.
  func uptime() -> Span
}

/// A source of unpredictable bytes, or in tests of predictable ones.
public protocol RandomSource: Sendable {
  /// Returns `count` new bytes.
  func bytes(_ count: Int) -> [UInt8]
}

extension RandomSource {
  /// Returns a new version 4 UUID.
  public func uuid() -> UUID4 { UUID4(random: bytes(16)) }
}

/// A way to wait, injected so that tests need not.
public protocol Sleeper: Sendable {
  /// Returns after about this long, or sooner if the task is cancelled.
  func sleep(_ span: Span) async
}

/// A sleeper that really waits.
public struct TaskSleeper: Sleeper {
  /// Creates the sleeper.
  public init() {}

  /// Suspends the task for this long, or until it is cancelled; a negative time is zero.
  public func sleep(_ span: Span) async {
    // SAFETY: the only error is that of a cancelled task, and then an early return is intended.
    try? await Task.sleep(for: .milliseconds(max(0, span.milliseconds)))
  }
}
