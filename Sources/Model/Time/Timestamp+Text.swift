extension Timestamp {
  /// `2016-12-13T19:14:19.257000+00:00`: what AWS CLI v2 prints (microseconds, none when whole
  /// seconds, always UTC).
  public var awsCLIText: String {
    let date = CivilDate(self)
    let fraction = date.millisecond == 0 ? "" : ".\(date.millisecond.padded(3))000"
    return "\(dayText)T\(date.hour.padded(2)):\(date.minute.padded(2)):\(date.second.padded(2))"
      + "\(fraction)+00:00"
  }

  /// `2016-12-13`
  public var dayText: String {
    let date = CivilDate(self)
    return "\(date.year.padded(4))-\(date.month.padded(2))-\(date.day.padded(2))"
  }

  /// `2016-12-13 19:14Z`
  public var minuteText: String {
    let date = CivilDate(self)
    return "\(dayText) \(date.hour.padded(2)):\(date.minute.padded(2))Z"
  }

  /// `2016-12-13T19:14:19.257Z`, always with milliseconds: what the journal writes. An instant that has no
  /// date of four digits is written as the nearest that has one, so that it can be read again.
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
  /// In decimal with zeros in front, up to `width` digits.
  ///
  ///     7.padded(2)  // "07"
  public func padded(_ width: Int) -> String {
    let digits = String(magnitude)
    let zeros = String(repeating: "0", count: Swift.max(0, width - digits.utf8.count))
    return (self < 0 ? "-" : "") + zeros + digits
  }
}
