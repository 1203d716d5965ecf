import Drawing
import Model
import Text

/// A formatter of values as the screens show them.
///
/// Untrusted text is made printable here and nowhere else.
struct Pen: Sendable {
  let charset: Charset
  let now: Timestamp
  let zone: Zone?

  var lines: LineSet { LineSet.of(charset) }

  /// Returns text for one line of a list.
  func cell(_ text: Untrusted) -> String { Sanitiser.render(text, for: .cell, in: charset) }

  /// Returns text that the operator decides by, with every hidden character visible.
  func exact(_ text: Untrusted) -> String { Sanitiser.render(text, for: .dialog, in: charset) }

  /// Returns the service's name of a value, or the printable form of an unknown one.
  func name(_ value: some WireName) -> String { value.knownName ?? exact(value.wireName) }

  /// Returns the printable form of what the operator typed, which may be anything.
  func typed(_ text: String) -> String { exact(Untrusted(text)) }
}

extension Pen {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Returns a day in UTC, `09 Nov`, with its year if that is not the current one.
  func day(_ instant: Timestamp) -> String {
    let date = CivilDate(instant)
    let month = Self.months.indices.contains(date.month - 1) ? Self.months[date.month - 1] : "???"
    let text = "\(date.day.padded(2)) \(month)"
    return date.year == CivilDate(now).year ? text : "\(text) \(date.year.padded(4))"
  }

  /// Returns a day in six columns: `09 Nov`, or `Nov'25` in another year.
  func shortDay(_ instant: Timestamp) -> String {
    let date = CivilDate(instant)
    guard date.year != CivilDate(now).year else { return day(instant) }
    let month = Self.months.indices.contains(date.month - 1) ? Self.months[date.month - 1] : "???"
    return "\(month)'\((date.year % 100).padded(2))"
  }

  /// Returns a minute in UTC: `09 Nov 09:14Z`.
  func minute(_ instant: Timestamp) -> String { "\(day(instant)) \(time(instant))Z" }

  /// Returns a time of day in UTC without its zone: `09:14`.
  func time(_ instant: Timestamp) -> String {
    let date = CivilDate(instant)
    return "\(date.hour.padded(2)):\(date.minute.padded(2))"
  }

  /// Returns a time of day in UTC: `09:14:07Z`.
  func second(_ instant: Timestamp) -> String {
    "\(time(instant)):\(CivilDate(instant).second.padded(2))Z"
  }

  /// Returns the operator's local time, `09 Nov 10:14 CET`; nil if it is the same as UTC.
  func local(_ instant: Timestamp) -> String? {
    guard let step = zone?.step(at: instant), step.minutesEast != 0 || step.name != "UTC" else {
      return nil
    }
    let shifted = instant + .minutes(Int64(step.minutesEast))
    return "\(day(shifted)) \(time(shifted)) \(step.name)"
  }

  /// Returns the time left in four columns: `42h` below two days, `6d` above, `over` after the
  /// expiry.
  func left(until expiry: Timestamp?) -> String {
    guard let expiry else { return "?" }
    let minutes = (expiry - now).milliseconds / 60_000
    if expiry <= now { return "over" }
    if minutes < 60 { return "\(minutes)m" }
    if minutes < 48 * 60 { return "\(minutes / 60)h" }
    let days = minutes / (24 * 60)
    return days > 999 ? ">2y" : "\(days)d"
  }

  /// Returns a span for sentences: `1 d 18 h`.
  func span(_ span: Span) -> String {
    let minutes = span.magnitude.milliseconds / 60_000
    if minutes < 1 { return "less than 1 min" }
    if minutes < 60 { return "\(minutes) min" }
    let hours = minutes / 60
    if hours < 48 { return minutes % 60 == 0 ? "\(hours) h" : "\(hours) h \(minutes % 60) min" }
    return hours % 24 == 0 ? "\(hours / 24) d" : "\(hours / 24) d \(hours % 24) h"
  }

  /// Returns the time since an instant, at the finest in minutes: screens are not redrawn for
  /// seconds.
  func age(_ instant: Timestamp) -> String {
    let minutes = max(0, (now - instant).milliseconds / 60_000)
    if minutes < 1 { return "now" }
    if minutes < 60 { return "\(minutes)m" }
    return minutes < 48 * 60 ? "\(minutes / 60)h" : "\(minutes / 1_440)d"
  }

  /// Returns the time since an instant: `just now`, `5m ago`.
  func ago(_ instant: Timestamp) -> String {
    let age = age(instant)
    return age == "now" ? "just now" : "\(age) ago"
  }
}
