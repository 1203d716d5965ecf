import Model
import TestSupport
import Testing
import Text

@testable import Wire

@Suite struct HTTPDateTests {
  @Test("what is written is read, to the second")
  func roundTrip() {
    var random = SeededRandom(seed: 7)
    for _ in 0..<200 {
      let instant = Timestamp(
        milliseconds: Int64.random(in: -2_000_000_000...4_000_000_000, using: &random) * 1_000)
      #expect(HTTPDate.read(Untrusted(HTTPDate.text(instant))) == instant)
    }
  }

  @Test("the weekday is the calendar's")
  func weekday() {
    #expect(HTTPDate.text(Timestamp(milliseconds: 0)) == "Thu, 01 Jan 1970 00:00:00 GMT")
    #expect(HTTPDate.text(ManualTime.mockup) == "Sun, 22 Nov 2026 14:32:10 GMT")
  }
}
