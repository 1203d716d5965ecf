import Text

extension Timestamp {
  /// Reads a time in any form that other programs write.
  ///
  /// Every time that comes from outside, except the program's own files, is read by this one
  /// reader. A time without a zone is UTC; fractions below a millisecond are cut off.
  ///
  /// | form | written by |
  /// |---|---|
  /// | `2026-12-11T14:40:00.123Z`, `…+01:00`, `…+0000`, `…UTC`, `2026-12-11 14:40Z` | RFC 3339, ISO 8601 |
  /// | `20170228T1215Z` | AWS's own examples |
  /// | `Fri, 11 Dec 2026 14:40:00 GMT` | RFC 1123, HTTP |
  /// | `1797000000.123`, `1797000000123` | seconds and milliseconds since 1970 |
  /// | `/Date(1797000000123)/` | .NET, PowerShell 5 |
  /// | `Jan 18, 2017 9:41:16 PM` | CloudTrail |
  public init?(reading text: some Sequence<UInt8>) {
    guard let read = text.inPlace(TimeText.read) else { return nil }
    self = read
  }
}

/// The readers of the forms in which other programs write a time.
private enum TimeText {
  static func read(_ text: UnsafeBufferPointer<UInt8>) -> Timestamp? {
    // The common form is read without a copy.
    if let read = Timestamp(iso8601: text) { return read }
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    guard let first = text.firstIndex(where: { !isBlank($0) }),
      let last = text.lastIndex(where: { !isBlank($0) })
    else { return nil }
    let trimmed = UnsafeBufferPointer(rebasing: text[first...last])
    return iso(trimmed) ?? Timestamp(epochNumber: trimmed) ?? dotNet(trimmed) ?? mail(trimmed)
      ?? american(trimmed)
  }

  /// Reads an extended or basic form, with `T` or a blank between, with or without seconds and
  /// zone.
  private static func iso(_ text: UnsafeBufferPointer<UInt8>) -> Timestamp? {
    var reader = DigitReader(text)
    guard let year = reader.digits(4) else { return nil }
    let isExtended = reader.take("-")
    guard let month = reader.digits(2), !isExtended || reader.take("-"),
      let day = reader.digits(2), reader.take("T") || reader.take("t") || reader.take(" "),
      let hour = reader.digits(2), reader.take(":") == isExtended, let minute = reader.digits(2)
    else { return nil }
    var date = CivilDate(year: year, month: month, day: day, hour: hour, minute: minute)
    if isExtended ? reader.take(":") : reader.next?.isASCIIDigit ?? false {
      guard let second = reader.digits(2) else { return nil }
      date.second = second
      guard reader.fraction(of: &date) else { return nil }
    }
    return instant(date, zone: &reader)
  }

  /// Reads `Fri, 11 Dec 2026 14:40:00 GMT`; the weekday may be missing and is not checked.
  private static func mail(_ text: UnsafeBufferPointer<UInt8>) -> Timestamp? {
    var reader = DigitReader(text)
    if !reader.word().isEmpty {
      guard reader.take(",") else { return nil }
      reader.blanks()
    }
    guard let day = reader.shortNumber(), reader.blanks() || reader.take("-"),
      let month = month(&reader), reader.blanks() || reader.take("-"),
      let year = reader.digits(4), reader.blanks()
    else { return nil }
    guard let date = clock(&reader, on: CivilDate(year: year, month: month, day: day)) else {
      return nil
    }
    return instant(date, zone: &reader)
  }

  /// Reads `Jan 18, 2017 9:41:16 PM`, as Java writes it for the United States.
  private static func american(_ text: UnsafeBufferPointer<UInt8>) -> Timestamp? {
    var reader = DigitReader(text)
    guard let month = month(&reader), reader.blanks(), let day = reader.shortNumber(),
      reader.take(","), reader.blanks(), let year = reader.digits(4)
    else { return nil }
    _ = reader.take(",")
    guard reader.blanks(),
      var date = clock(&reader, on: CivilDate(year: year, month: month, day: day))
    else { return nil }
    reader.blanks()
    switch reader.word() {
    case "am" where (1...12).contains(date.hour): date.hour %= 12
    case "pm" where (1...12).contains(date.hour): date.hour = date.hour % 12 + 12
    default: return nil
    }
    return instant(date, zone: &reader)
  }

  /// Reads `/Date(1797000000123)/` or `/Date(1797000000123+0100)/`, milliseconds of UTC.
  ///
  /// The zone says only where the time was written.
  private static func dotNet(_ text: UnsafeBufferPointer<UInt8>) -> Timestamp? {
    let (head, tail) = (Array("/Date(".utf8), Array(")/".utf8))
    guard text.count > head.count + tail.count, text.starts(with: head),
      text.suffix(tail.count).elementsEqual(tail)
    else { return nil }
    var reader = DigitReader(
      UnsafeBufferPointer(rebasing: text[head.count..<text.count - tail.count]))
    let isNegative = reader.take("-")
    let digits = reader.run()
    guard (1...15).contains(digits.count) else { return nil }
    if !reader.isAtEnd {
      guard reader.take("+") || reader.take("-"), reader.digits(4) != nil, reader.isAtEnd else {
        return nil
      }
    }
    let count = digits.reduce(Int64(0)) { $0 * 10 + Int64($1) }
    return within(Timestamp(milliseconds: isNegative ? -count : count))
  }

  // MARK: Parts

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
  ]

  /// Reads a month's English name, in full or in three letters, and returns its number.
  private static func month(_ reader: inout DigitReader) -> Int? {
    let word = reader.word()
    let index = months.firstIndex { $0 == word || $0.prefix(3) == word }
    return index.map { $0 + 1 }
  }

  /// Reads a time of day, such as `9:41` or `21:41:16.257`, and returns `date` with it.
  private static func clock(_ reader: inout DigitReader, on date: CivilDate) -> CivilDate? {
    var date = date
    guard let hour = reader.shortNumber(), reader.take(":"), let minute = reader.digits(2) else {
      return nil
    }
    date.hour = hour
    date.minute = minute
    guard reader.take(":") else { return date }
    guard let second = reader.digits(2) else { return nil }
    date.second = second
    return reader.fraction(of: &date) ? date : nil
  }

  /// Returns the instant of `date`, reading its zone, which must be followed by the end of the
  /// text.
  private static func instant(_ date: CivilDate, zone reader: inout DigitReader) -> Timestamp? {
    guard let offset = reader.zone(), reader.isAtEnd, date.isValid else { return nil }
    return within(date.instant - .minutes(Int64(offset)))
  }

  private static func within(_ instant: Timestamp) -> Timestamp? {
    Timestamp.representable.contains(instant) ? instant : nil
  }
}

extension DigitReader {
  /// Reads a fraction of a second, if there is one; returns false if it is malformed.
  fileprivate mutating func fraction(of date: inout CivilDate) -> Bool {
    guard take(".") || take(",") else { return true }
    guard let fraction = milliseconds() else { return false }
    date.millisecond = fraction
    return true
  }

  /// Reads a zone, and returns it in minutes east of UTC.
  ///
  /// The forms are `Z`, `UTC`, `GMT`, `+01:00`, `+0100`, `+01`, `+0000 UTC` as Go writes it, and
  /// nothing at all for UTC.
  fileprivate mutating func zone() -> Int? {
    blanks()
    guard let next else { return 0 }
    guard next == UInt8(ascii: "+") || next == UInt8(ascii: "-") else { return isUTC() ? 0 : nil }
    let sign = take("-") ? -1 : 1
    if sign > 0 { _ = take("+") }
    guard let hours = digits(2), hours < 24 else { return nil }
    var minutes = 0
    if take(":") || self.next?.isASCIIDigit ?? false {
      guard let read = digits(2), read < 60 else { return nil }
      minutes = read
    }
    let offset = sign * (hours * 60 + minutes)
    if offset == 0, blanks() { return isUTC() ? 0 : nil }
    return offset
  }

  private mutating func isUTC() -> Bool { ["z", "utc", "gmt", "ut"].contains(word()) }
}
