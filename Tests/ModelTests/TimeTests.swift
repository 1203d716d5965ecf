import Model
import TestSupport
import Testing

@Suite struct TimeTests {
  /// Made by Python's datetime from seeded instants, and around leap days.
  @Test(
    "instants and civil dates agree with Python's",
    arguments: [
      (11_284_911_604_554, "2327-08-10T09:40:04.554000+00:00"),
      (204_734_789_953_789, "8457-10-14T14:59:13.789000+00:00"),
      (202_021_373_708_201, "8371-10-21T08:15:08.201000+00:00"),
      (45_806_527_726_899, "3421-07-21T03:28:46.899000+00:00"),
      (161_432_381_780_144, "7085-08-03T08:16:20.144000+00:00"),
      (157_378_133_777_456, "6957-02-11T04:16:17.456000+00:00"),
      (-53_606_903_064_935, "0271-04-07T17:35:35.065000+00:00"),
      (0, "1970-01-01T00:00:00+00:00"),
      (951_782_400_000, "2000-02-29T00:00:00+00:00"),
      (-2_203_891_200_001, "1900-02-28T23:59:59.999000+00:00"),
      (4_107_542_400_000, "2100-03-01T00:00:00+00:00"),
    ] as [(Int64, String)])
  func python(_ milliseconds: Int64, _ text: String) {
    let time = Timestamp(milliseconds: milliseconds)
    #expect(time.awsCLIText == text)
    #expect(CivilDate(time).instant == time)
    #expect(Timestamp(iso8601: text.utf8) == time)
  }

  /// Counts the days one by one, as a calendar does, and never by the formula under test.
  @Test("every day from 1600 to 2400 follows the one before")
  func everyDay() {
    var expected = CivilDate(year: 1600, month: 1, day: 1)
    var instant = expected.instant
    while expected.year < 2400 {
      let found = CivilDate(instant)
      guard found == expected, found.instant == instant, found.isValid else {
        Issue.record("\(found) is not \(expected)")
        return
      }
      instant = instant + .days(1)
      expected.day += 1
      if expected.day > CivilDate.days(inMonth: expected.month, of: expected.year) {
        expected.day = 1
        expected.month += 1
      }
      if expected.month > 12 {
        expected.month = 1
        expected.year += 1
      }
    }
  }

  @Test("any instant of years 0 to 9999 is its civil date, and its texts read back as it")
  func anyInstant() {
    var random = SeededRandom(seed: 42)
    let range =
      Timestamp.representable.lowerBound
      .milliseconds...Timestamp.representable.upperBound
      .milliseconds
    for _ in 0..<5_000 {
      let time = Timestamp(milliseconds: Int64.random(in: range, using: &random))
      let date = CivilDate(time)
      #expect(date.isValid)
      #expect(date.instant == time)
      #expect(Timestamp(iso8601: time.awsCLIText.utf8) == time)
      #expect(Timestamp(iso8601: time.journalText.utf8) == time)
    }
    for end in [Timestamp.representable.lowerBound, Timestamp.representable.upperBound] {
      #expect(Timestamp(iso8601: end.journalText.utf8) == end)
    }
    #expect(Timestamp.representable.lowerBound.dayText == "0000-01-01")
    #expect(Timestamp.representable.upperBound.journalText == "9999-12-31T23:59:59.999Z")
  }

  @Test(
    "a date out of its ranges is not valid",
    arguments: [
      (2023, 2, 29), (1900, 2, 29), (2023, 0, 1), (2023, 13, 1), (2023, 4, 31), (2023, 1, 0),
    ])
  func invalid(_ year: Int, _ month: Int, _ day: Int) {
    #expect(!CivilDate(year: year, month: month, day: day).isValid)
  }

  @Test(
    "ISO 8601 in other forms is no time",
    arguments: [
      "", "2016-12-13", "2016-12-13T19:14Z", "2016-12-13T19:14:19", "2016-12-13 19:14:19Z",
      "2016-12-13T19:14:19.Z", "2016-12-13T19:14:19.1234567890Z", "2016-12-13T24:00:00Z",
      "2016-12-13T19:60:00Z", "2016-12-13T19:14:60Z", "2016-13-13T19:14:19Z", "20161213T191419Z",
      "2016-12-13T19:14:19z", "2016-12-13T19:14:19+0000", "2016-12-13T19:14:19+24:00",
      "2016-12-13T19:14:19Zx", "16-12-13T19:14:19Z", "２016-12-13T19:14:19Z",
      "0000-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00",
    ])
  func noTime(_ text: String) {
    #expect(Timestamp(iso8601: text.utf8) == nil)
  }

  @Test(
    "seconds since 1970 are read exactly, however they are written",
    arguments: [
      ("0", 0), ("-0", 0), ("1482952459.257", 1_482_952_459_257),
      ("1.471797437427E9", 1_471_797_437_427),
      ("1.471797437427e+9", 1_471_797_437_427), ("14717974374.27e-1", 1_471_797_437_427),
      ("1482952459.2579999", 1_482_952_459_257), ("1482952459.25", 1_482_952_459_250),
      ("1482952459.2", 1_482_952_459_200), ("0.0009", 0), ("-0.0009", -1), ("-1.5", -1_500),
      ("1e0", 1_000),
      ("1000e-3", 1_000), ("1e-99", 0), ("000001", 1_000),
      ("1.00000000000000000000000000000000000000000000000001", 1_000),
      ("253402300799.999", 253_402_300_799_999),
    ] as [(String, Int64)])
  func epoch(_ text: String, _ milliseconds: Int64) {
    #expect(Timestamp(epochSeconds: text.utf8) == Timestamp(milliseconds: milliseconds))
    let plain = Array(text.utf8).withUnsafeBufferPointer { Timestamp(plainEpochSeconds: $0) }
    #expect(plain == nil || plain == Timestamp(milliseconds: milliseconds))
  }

  @Test(
    "what is no number, or no year of four digits, is no time",
    arguments: [
      "", "-", ".5", "1.", "1e", "1e+", "x", "1 ", " 1", "0x10", "NaN", "1e99", "-1e99",
      "253402300800",
      "99999999999999999999999999", "1e999999999999999999999", "1..2", "1.2.3",
    ])
  func noEpoch(_ text: String) {
    #expect(Timestamp(epochSeconds: text.utf8) == nil)
    let plain = Array(text.utf8).withUnsafeBufferPointer { Timestamp(plainEpochSeconds: $0) }
    #expect(plain == nil)
  }

  @Test("arithmetic stops at the ends instead of overflowing")
  func ends() {
    let last = Timestamp(milliseconds: .max)
    let first = Timestamp(milliseconds: .min)
    #expect(last + .days(1) == last)
    #expect(first - .days(1) == first)
    #expect(last - first == Span(milliseconds: .max))
    #expect(first - last == Span(milliseconds: .min))
    #expect(Timestamp(milliseconds: 0) - Span(milliseconds: .min) == last)
  }

  @Test(
    "a span is digits and one unit",
    arguments: [
      ("90m", 5_400_000), ("48h", 172_800_000), ("16d", 1_382_400_000), ("0s", 0), ("007s", 7_000),
    ] as [(String, Int64)])
  func spans(_ text: String, _ milliseconds: Int64) {
    #expect(Span(text)?.milliseconds == milliseconds)
  }

  @Test(
    "other durations are refused",
    arguments: [
      "", "d", "16", "1.5h", "-1h", "+1h", "1w", "1 h", "1H", "１h", "9223372036854775807s",
      "99999999999999999999d", "1h30m",
    ])
  func noSpans(_ text: String) {
    #expect(Span(text) == nil)
  }
}
