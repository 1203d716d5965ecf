import Model
import Text

/// The date of an HTTP header: `Mon, 23 Nov 2026 02:15:48 GMT`.
enum HTTPDate {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Nil for every other form. The weekday is not checked; seconds may have a fraction.
  static func read(_ text: Untrusted) -> Timestamp? {
    guard let text = text.asciiText else { return nil }
    let words = text.split(separator: " ")
    guard words.count == 6, words[0].utf8.count == 4, words[0].utf8.last == UInt8(ascii: ","),
      words[5] == "GMT", let month = months.firstIndex(of: String(words[2])),
      words[3].utf8.count == 4, words[1].utf8.count <= 2
    else { return nil }
    let number = (month + 1).padded(2)
    let day = words[1].utf8.count == 1 ? "0" + words[1] : String(words[1])
    return Timestamp(iso8601: "\(words[3])-\(number)-\(day)T\(words[4])Z".utf8)
  }
}
