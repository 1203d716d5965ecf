import Text

/// A formatter of values for people, on the screens and in the output of commands.
///
/// Untrusted text is made printable here and in the sentences of `Review/Wording`, nowhere else.
public struct Formatter: Hashable, Sendable {
  /// The character set that can be shown.
  public var charset: Charset
  /// The time at which it is shown; nil where it is unknown, or no text depends on it.
  public var now: Timestamp?
  /// The operator's time zone; nil shows UTC only.
  public var zone: Zone?

  /// Creates a formatter.
  public init(charset: Charset, now: Timestamp? = nil, zone: Zone? = nil) {
    self.charset = charset
    self.now = now
    self.zone = zone
  }

  /// Returns text for one cell of a table or one line of a list; empty for nil.
  public func cell(_ text: Untrusted?) -> String {
    text.map { Sanitiser.render($0, for: .cell, in: charset) } ?? ""
  }

  /// Returns text that the operator decides by, with every hidden character visible.
  public func exact(_ text: Untrusted) -> String {
    Sanitiser.render(text, for: .dialog, in: charset)
  }

  /// Returns one line without any loss of information.
  public func full(_ text: Untrusted) -> String { Sanitiser.render(text, for: .full, in: charset) }

  /// Returns the printable form of a path, name or value from the command line or the environment.
  public func full(_ text: String) -> String { full(Untrusted(text)) }

  /// Returns the printable form of what the operator typed, which may be anything.
  public func typed(_ text: String) -> String { exact(Untrusted(text)) }

  /// Returns the service's name of a value, or the printable form of an unknown one.
  public func name(_ value: some WireName) -> String { value.knownName ?? exact(value.wireName) }

  /// Returns a symbol of ours if the character set has it, else its ASCII replacement.
  public func sign(_ utf8: String, or ascii: String) -> String { charset == .utf8 ? utf8 : ascii }
}

// MARK: - Times

extension Formatter {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Returns a day in UTC, `09 Nov`, with its year if that is not the current one.
  public func day(_ instant: Timestamp) -> String {
    let date = CivilDate(instant)
    let text = "\(date.day.padded(2)) \(Self.name(ofMonth: date.month))"
    return isThisYear(date) ? text : "\(text) \(date.year.padded(4))"
  }

  /// Returns a day in six columns: `09 Nov`, or `Nov'25` in another year.
  public func shortDay(_ instant: Timestamp) -> String {
    let date = CivilDate(instant)
    if isThisYear(date) { return day(instant) }
    return "\(Self.name(ofMonth: date.month))'\((date.year % 100).padded(2))"
  }

  /// Returns a minute in UTC: `09 Nov 09:14Z`.
  public func minute(_ instant: Timestamp) -> String { "\(day(instant)) \(time(instant))Z" }

  /// Returns a time of day in UTC without its zone: `09:14`.
  public func time(_ instant: Timestamp) -> String {
    let date = CivilDate(instant)
    return "\(date.hour.padded(2)):\(date.minute.padded(2))"
  }

  /// Returns a time of day in UTC: `09:14:07Z`.
  public func second(_ instant: Timestamp) -> String {
    "\(time(instant)):\(CivilDate(instant).second.padded(2))Z"
  }

  /// Returns the operator's local time, `09 Nov 10:14 CET`; nil if it is the same as UTC.
  public func local(_ instant: Timestamp) -> String? {
    guard let step = zone?.step(at: instant), step.minutesEast != 0 || step.name != "UTC" else {
      return nil
    }
    let shifted = instant + .minutes(Int64(step.minutesEast))
    return "\(day(shifted)) \(time(shifted)) \(step.name)"
  }

  private func isThisYear(_ date: CivilDate) -> Bool {
    now.map { CivilDate($0).year == date.year } ?? false
  }

  private static func name(ofMonth month: Int) -> String {
    months.indices.contains(month - 1) ? months[month - 1] : "???"
  }
}

/// The operator's time zone as a list of UTC offsets, each valid from an instant on.
public struct Zone: Hashable, Sendable {
  /// One offset of a time zone.
  public struct Step: Hashable, Sendable {
    /// The instant from which the offset is valid.
    public var from: Timestamp
    /// The offset from UTC in minutes, positive to the east.
    public var minutesEast: Int
    /// The abbreviation, such as `CET`; ASCII.
    public var name: String

    /// Creates an offset.
    public init(from: Timestamp, minutesEast: Int, name: String) {
      self.from = from
      self.minutesEast = minutesEast
      self.name = name
    }
  }

  /// The offsets in the order of `from`.
  ///
  /// The first one is also valid before its instant.
  public var steps: [Step]

  /// Creates a time zone from offsets in the order of `from`.
  public init(_ steps: [Step]) {
    self.steps = steps
  }

  /// Returns the offset that is valid at an instant; nil only if there are no offsets.
  public func step(at instant: Timestamp) -> Step? {
    steps.last { $0.from <= instant } ?? steps.first
  }
}
