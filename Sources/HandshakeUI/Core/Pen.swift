import Drawing
import Model
import Text

/// Writes values as the screens show them. Untrusted text is made printable here and nowhere else.
struct Pen: Sendable {
  let charset: Charset
  let now: Timestamp
  let zone: Zone?

  var lines: LineSet { LineSet.of(charset) }

  /// One line of a list.
  func cell(_ text: Untrusted) -> String { Sanitiser.render(text, for: .cell, in: charset) }

  /// Where the operator decides by it.
  func exact(_ text: Untrusted) -> String { Sanitiser.render(text, for: .dialog, in: charset) }

  /// A name of the service's, or what it wrote instead.
  func name(_ value: some WireName) -> String { value.knownName ?? exact(value.wireName) }

  /// What the operator typed: it may hold anything.
  func typed(_ text: String) -> String { exact(Untrusted(text)) }
}

extension Pen {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// `09 Nov`, in UTC; with its year when that is another one than now.
  func day(_ instant: Timestamp) -> String {
    let date = CivilDate(instant)
    let month = Self.months.indices.contains(date.month - 1) ? Self.months[date.month - 1] : "???"
    let text = "\(date.day.padded(2)) \(month)"
    return date.year == CivilDate(now).year ? text : "\(text) \(date.year.padded(4))"
  }

  /// The same in six columns: `Nov'25` in another year.
  func shortDay(_ instant: Timestamp) -> String {
    let date = CivilDate(instant)
    guard date.year != CivilDate(now).year else { return day(instant) }
    let month = Self.months.indices.contains(date.month - 1) ? Self.months[date.month - 1] : "???"
    return "\(month)'\((date.year % 100).padded(2))"
  }

  /// `09 Nov 09:14Z`
  func minute(_ instant: Timestamp) -> String { "\(day(instant)) \(time(instant))Z" }

  /// `09:14`
  func time(_ instant: Timestamp) -> String {
    let date = CivilDate(instant)
    return "\(date.hour.padded(2)):\(date.minute.padded(2))"
  }

  /// `09:14:07Z`
  func second(_ instant: Timestamp) -> String {
    "\(time(instant)):\(CivilDate(instant).second.padded(2))Z"
  }

  /// `09 Nov 10:14 CET`; nil where the operator's clock shows UTC too.
  func local(_ instant: Timestamp) -> String? {
    guard let step = zone?.step(at: instant), step.minutesEast != 0 || step.name != "UTC" else {
      return nil
    }
    let shifted = instant + .minutes(Int64(step.minutesEast))
    return "\(day(shifted)) \(time(shifted)) \(step.name)"
  }

  /// Time left in four columns: `42h` under two days, `6d` above, `over` when there is none.
  func left(until expiry: Timestamp?) -> String {
    guard let expiry else { return "?" }
    let minutes = (expiry - now).milliseconds / 60_000
    if expiry <= now { return "over" }
    if minutes < 60 { return "\(minutes)m" }
    if minutes < 48 * 60 { return "\(minutes / 60)h" }
    let days = minutes / (24 * 60)
    return days > 999 ? ">2y" : "\(days)d"
  }

  /// `1 d 18 h`, for sentences.
  func span(_ span: Span) -> String {
    let minutes = span.magnitude.milliseconds / 60_000
    if minutes < 1 { return "less than 1 min" }
    if minutes < 60 { return "\(minutes) min" }
    let hours = minutes / 60
    if hours < 48 { return minutes % 60 == 0 ? "\(hours) h" : "\(hours) h \(minutes % 60) min" }
    return hours % 24 == 0 ? "\(hours / 24) d" : "\(hours / 24) d \(hours % 24) h"
  }

  /// How long ago, in minutes at the finest: screens are not redrawn for seconds.
  func age(_ instant: Timestamp) -> String {
    let minutes = max(0, (now - instant).milliseconds / 60_000)
    if minutes < 1 { return "now" }
    if minutes < 60 { return "\(minutes)m" }
    return minutes < 48 * 60 ? "\(minutes / 60)h" : "\(minutes / 1_440)d"
  }

  /// `just now`, `5m ago`
  func ago(_ instant: Timestamp) -> String {
    let age = age(instant)
    return age == "now" ? "just now" : "\(age) ago"
  }
}

extension State {
  var pen: Pen { Pen(charset: launch.charset, now: now, zone: launch.zone) }
}
