import Model

/// The `Date` header: `Mon, 23 Nov 2026 02:15:48 GMT`.
enum HTTPDate {
  static func text(_ instant: Timestamp) -> String {
    let date = CivilDate(instant)
    // 1970-01-01 was a Thursday.
    let day = Int((instant.milliseconds / 86_400_000) % 7)
    let names = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let time = [date.hour, date.minute, date.second].map { $0.padded(2) }.joined(separator: ":")
    return "\(names[(day + 7) % 7]), \(date.day.padded(2)) \(months[date.month - 1]) "
      + "\(date.year.padded(4)) \(time) GMT"
  }
}
