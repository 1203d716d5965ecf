import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import TestSupport
import Testing
import Text

@Suite("Words for times")
struct TimeWordsTests {
  /// A duration with its text in each column.
  private struct Row {
    var span: Span
    var words, sentence, short, left, cell, ago: String
  }

  private static let rows = [
    Row(
      span: .seconds(-90), words: "0 min", sentence: "1 min", short: "0m", left: "expired",
      cell: "over", ago: "just now"),
    Row(
      span: .zero, words: "0 min", sentence: "less than 1 min", short: "0m", left: "expired",
      cell: "over", ago: "just now"),
    Row(
      span: .seconds(59), words: "0 min", sentence: "less than 1 min", short: "0m", left: "0m",
      cell: "0m", ago: "just now"),
    Row(
      span: .minutes(59), words: "59 min", sentence: "59 min", short: "59m", left: "59m",
      cell: "59m", ago: "59m ago"),
    Row(
      span: .hours(5), words: "5 h 0 min", sentence: "5 h", short: "5h", left: "5h", cell: "5h",
      ago: "5h ago"),
    Row(
      span: .hours(47) + .minutes(59), words: "1 d 23 h", sentence: "47 h 59 min", short: "47h",
      left: "47h", cell: "47h", ago: "47h ago"),
    Row(
      span: .hours(50), words: "2 d 2 h", sentence: "2 d 2 h", short: "2d", left: "2d", cell: "2d",
      ago: "2d ago"),
    Row(
      span: .days(1_000), words: "1000 d 0 h", sentence: "1000 d", short: "1000d", left: "1000d",
      cell: ">2y", ago: "1000d ago"),
  ]

  @Test("each column at its limits")
  func columns() {
    for row in Self.rows {
      #expect(row.span.words == row.words)
      #expect(row.span.sentenceWords == row.sentence)
      #expect(row.span.shortWords == row.short)
      #expect(row.span.leftWords == row.left)
      #expect(row.span.leftCell == row.cell)
      #expect(row.span.agoWords == row.ago)
    }
  }

  @Test("a formatter that does not know the time says so, and gives every day its year")
  func unknownTime() {
    let instant = ManualTime.mockup
    let formatter = Formatter(charset: .utf8)
    #expect(formatter.left(until: instant) == "?")
    #expect(formatter.ago(instant) == "?")
    #expect(formatter.day(instant) == "22 Nov 2026")
    #expect(Formatter(charset: .utf8, now: instant).day(instant) == "22 Nov")
    #expect(Formatter(charset: .utf8, now: instant).left(until: instant + .hours(3)) == "3h")
  }
}
