import Text

extension Timestamp {
  /// Reads the ISO 8601 forms that both generations of the AWS CLI print, and `journalText`.
  ///
  /// They are a date, `T`, a time of day, 1 to 9 digits of fraction or none, and `Z` or an offset
  /// from UTC. Fractions below a millisecond are cut off. This is for the program's own files;
  /// `init(reading:)` reads what other programs wrote.
  ///
  ///     Timestamp(iso8601: "2016-12-13T19:14:19.257000+00:00".utf8)
  ///     Timestamp(iso8601: "2020-11-19T16:21:46.995000-08:00".utf8)
  ///     Timestamp(iso8601: "20170228T1215Z".utf8) // nil
  public init?(iso8601 text: some Sequence<UInt8>) {
    guard let read = text.inPlace(Self.iso8601) else { return nil }
    self = read
  }

  /// Reads the forms of `init(iso8601:)` without allocating, because each handshake has two of
  /// them.
  private static func iso8601(_ text: UnsafeBufferPointer<UInt8>) -> Timestamp? {
    var reader = DigitReader(text)
    guard let year = reader.digits(4), reader.take("-"), let month = reader.digits(2),
      reader.take("-"), let day = reader.digits(2), reader.take("T"), let hour = reader.digits(2),
      reader.take(":"), let minute = reader.digits(2), reader.take(":"),
      let second = reader.digits(2)
    else { return nil }
    guard let millisecond = reader.take(".") ? reader.milliseconds() : 0,
      let offset = reader.offset(), reader.isAtEnd
    else { return nil }
    let date = CivilDate(
      year: year, month: month, day: day, hour: hour, minute: minute, second: second,
      millisecond: millisecond)
    guard date.isValid else { return nil }
    let instant = date.instant - .minutes(Int64(offset))
    return Timestamp.representable.contains(instant) ? instant : nil
  }

  /// Reads seconds since 1970 as a JSON number, exactly, without going through floating point.
  ///
  /// Fractions below a millisecond are cut off, towards the past.
  ///
  ///     Timestamp(epochSeconds: "1482952459.257".utf8)
  ///     Timestamp(epochSeconds: "1.471797437427E9".utf8)
  ///     Timestamp(epochSeconds: "1e99".utf8) // nil: no four-digit year
  public init?(epochSeconds text: some Sequence<UInt8>) {
    guard let read = text.inPlace({ Self.epoch($0, decimals: 3) }) else { return nil }
    self = read
  }

  /// Reads a number since 1970: seconds if they have a date of four digits, else milliseconds.
  ///
  /// For any time between 1978 and 9999 only one of the two readings has such a date.
  ///
  ///     Timestamp(epochNumber: "1797000000.123".utf8)
  ///     Timestamp(epochNumber: "1797000000123".utf8)
  public init?(epochNumber text: some Sequence<UInt8>) {
    let read = text.inPlace { Self.epoch($0, decimals: 3) ?? Self.epoch($0, decimals: 0) }
    guard let read else { return nil }
    self = read
  }

  /// Reads a JSON number; `decimals` is 3 for a number of seconds, 0 for one of milliseconds.
  private static func epoch(_ text: UnsafeBufferPointer<UInt8>, decimals: Int) -> Timestamp? {
    var reader = DigitReader(text)
    let isNegative = reader.take("-")
    var digits = reader.run()
    guard !digits.isEmpty else { return nil }
    var point = digits.count + decimals
    if reader.take(".") {
      let fraction = reader.run()
      guard !fraction.isEmpty else { return nil }
      digits += fraction
    }
    if reader.take("e") || reader.take("E") {
      let sign = reader.take("-") ? -1 : 1
      if sign > 0 { _ = reader.take("+") }
      let exponent = reader.run()
      guard !exponent.isEmpty else { return nil }
      // Six digits exceed every time; more would overflow.
      point += sign * exponent.drop { $0 == 0 }.prefix(6).reduce(0) { $0 * 10 + Int($1) }
    }
    guard reader.isAtEnd else { return nil }
    guard let whole = Self.whole(digits, point: point) else { return nil }
    let isCut = digits.dropFirst(Swift.max(0, point)).contains { $0 != 0 }
    let instant = Timestamp(milliseconds: isNegative ? -whole - (isCut ? 1 : 0) : whole)
    return Timestamp.representable.contains(instant) ? instant : nil
  }

  /// Reads the common form of seconds since 1970 without allocating.
  ///
  /// It is 1 to 11 digits, and a point with 1 to 3 more or none.
  ///
  ///     Timestamp(plainEpochSeconds: …) // of "1482952459.257"
  public init?(plainEpochSeconds text: UnsafeBufferPointer<UInt8>) {
    var value: Int64 = 0
    var point: Int?
    for place in text.indices {
      let byte = text[place]
      if byte == UInt8(ascii: "."), point == nil, place > 0 {
        point = place
        continue
      }
      guard byte.isASCIIDigit else { return nil }
      value = value * 10 + Int64(byte - 0x30)
      guard place < 15 else { return nil }
    }
    let whole = point ?? text.count
    let fraction = point.map { text.count - $0 - 1 } ?? 0
    guard (1...11).contains(whole), (0...3).contains(fraction), point == nil || fraction > 0 else {
      return nil
    }
    let instant = Timestamp(
      milliseconds: value * (fraction == 0 ? 1_000 : fraction == 1 ? 100 : fraction == 2 ? 10 : 1))
    guard instant <= Self.representable.upperBound else { return nil }
    self = instant
  }

  /// Returns the integer before a point that follows `point` digits; nil if it exceeds every time.
  private static func whole(_ digits: [UInt8], point: Int) -> Int64? {
    guard point > 0 else { return 0 }
    let significant = digits.prefix(point).drop { $0 == 0 }
    guard !significant.isEmpty else { return 0 }
    let zeros = Swift.max(0, point - digits.count)
    guard significant.count + zeros <= 15 else { return nil }
    let value = significant.reduce(Int64(0)) { $0 * 10 + Int64($1) }
    return (0..<zeros).reduce(value) { product, _ in product * 10 }
  }
}

extension Sequence<UInt8> {
  /// Calls `read` with the bytes where they are, or with a copy if they are not contiguous.
  func inPlace(
    _ read: (UnsafeBufferPointer<UInt8>) -> Timestamp?
  ) -> Timestamp? {
    withContiguousStorageIfAvailable(read) ?? Array(self).withUnsafeBufferPointer(read)
  }
}

/// A reader of digits from the front of ASCII bytes, which must outlive it.
struct DigitReader {
  let bytes: UnsafeBufferPointer<UInt8>
  var place = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  /// Whether every byte has been read.
  var isAtEnd: Bool { place == bytes.count }

  /// Steps over `character` if it is next, and returns whether it was.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard place < bytes.count, bytes[place] == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  /// Reads all digits that follow, and returns their values.
  mutating func run() -> [UInt8] {
    let values = bytes[place...].prefix { $0.isASCIIDigit }.map { $0 - 0x30 }
    place += values.count
    return values
  }

  /// Reads exactly `count` digits, and returns their number; nil if there are fewer.
  mutating func digits(_ count: Int) -> Int? {
    guard place + count <= bytes.count else { return nil }
    var value = 0
    for offset in 0..<count {
      let digit = bytes[place &+ offset] &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      value = value &* 10 &+ Int(digit)
    }
    place &+= count
    return value
  }

  /// Reads a fraction of 1 to 9 digits, and returns its milliseconds, the rest cut off.
  mutating func milliseconds() -> Int? {
    var (value, count) = (0, 0)
    while place < bytes.count, bytes[place].isASCIIDigit {
      if count < 3 { value = value * 10 + Int(bytes[place] - 0x30) }
      count += 1
      place += 1
    }
    guard (1...9).contains(count) else { return nil }
    for _ in min(count, 3)..<3 { value *= 10 }
    return value
  }

  /// The next byte, without reading it; nil at the end.
  var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  /// Steps over blanks, and returns whether there were any.
  ///
  /// U+00A0 and U+202F count too, because Java writes them before AM and PM.
  @discardableResult
  mutating func blanks() -> Bool {
    let start = place
    while place < bytes.count {
      if bytes[place] == 0x20 {
        place += 1
      } else if bytes[place...].starts(with: [0xC2, 0xA0]) {
        place += 2
      } else if bytes[place...].starts(with: [0xE2, 0x80, 0xAF]) {
        place += 3
      } else {
        break
      }
    }
    return place > start
  }

  /// Reads the ASCII letters that follow, and returns them in lower case.
  mutating func word() -> String {
    let start = place
    while place < bytes.count, (0x61...0x7A).contains(bytes[place] | 0x20) { place += 1 }
    return String(decoding: bytes[start..<place].map { $0 | 0x20 }, as: UTF8.self)
  }

  /// Reads a number of one or two digits.
  mutating func shortNumber() -> Int? {
    let values = run()
    guard (1...2).contains(values.count) else { return nil }
    return values.reduce(0) { $0 * 10 + Int($1) }
  }

  /// Reads `Z`, `+HH:MM` (east) or `-HH:MM` (west), and returns the minutes east of UTC.
  mutating func offset() -> Int? {
    if take("Z") { return 0 }
    let sign = take("-") ? -1 : (take("+") ? 1 : 0)
    guard sign != 0, let hours = digits(2), hours < 24, take(":"), let minutes = digits(2),
      minutes < 60
    else { return nil }
    return sign * (hours * 60 + minutes)
  }
}
