import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal

// Every text of a duration. A column of a list has four columns, a sentence has room for two units.

extension Span {
  /// The time left, rounded down: `1 d 18 h`, `3 h 5 min` or `42 min`; negative spans read `0 min`.
  public var words: String {
    let minutes = max(0, milliseconds) / 60_000
    let (hours, days) = (minutes / 60, minutes / 1_440)
    if days > 0 { return "\(days) d \(hours % 24) h" }
    if hours > 0 { return "\(hours) h \(minutes % 60) min" }
    return "\(minutes) min"
  }

  /// The duration in a sentence, without a second unit that is zero: `2 d 18 h`, `42 h`, `5 min`.
  ///
  /// Days are used from 48 hours on. A span of less than a minute is `less than 1 min`.
  public var sentenceWords: String {
    let minutes = magnitude.milliseconds / 60_000
    if minutes < 1 { return "less than 1 min" }
    if minutes < 60 { return "\(minutes) min" }
    let hours = minutes / 60
    if hours < 48 { return minutes % 60 == 0 ? "\(hours) h" : "\(hours) h \(minutes % 60) min" }
    return hours % 24 == 0 ? "\(hours / 24) d" : "\(hours / 24) d \(hours % 24) h"
  }

  /// The number of seconds, rounded up, which a countdown shows; 0 for negative spans.
  public var wholeSeconds: Int64 { max(0, milliseconds - 1) / 1_000 + (milliseconds > 0 ? 1 : 0) }

  /// The duration in one unit, rounded down: `6d`, under 48 hours `42h`, under one hour `59m`.
  ///
  /// It takes at most four columns up to 999 days.
  public var shortWords: String {
    let minutes = max(0, milliseconds) / 60_000
    if minutes >= 2_880 { return "\(minutes / 1_440)d" }
    if minutes >= 60 { return "\(minutes / 60)h" }
    return "\(minutes)m"
  }

  /// The time left in the output of a command: `shortWords`, or `expired`.
  public var leftWords: String { self <= .zero ? "expired" : shortWords }

  /// The time left in four columns of a list: `shortWords`, `over` after the end, `>2y` for what
  /// would need five.
  public var leftCell: String {
    if self <= .zero { return "over" }
    return milliseconds / 86_400_000 > 999 ? ">2y" : shortWords
  }

  /// The age of something, at the finest in minutes, as screens are not redrawn for seconds:
  /// `5m ago`, or `just now`.
  public var agoWords: String { milliseconds < 60_000 ? "just now" : "\(shortWords) ago" }
}

extension Formatter {
  /// Returns the time left in four columns: `42h` below two days, `6d` above, `over` after the
  /// expiry; `?` if the expiry or the time is unknown.
  public func left(until expiry: Timestamp?) -> String {
    guard let expiry, let now else { return "?" }
    return (expiry - now).leftCell
  }

  /// Returns the time since an instant: `just now`, `5m ago`; `?` if the time is unknown.
  public func ago(_ instant: Timestamp) -> String { now.map { ($0 - instant).agoWords } ?? "?" }
}
