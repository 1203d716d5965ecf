import Model
import Text

/// The constants of AWS JSON 1.1 as AWS Organizations speaks it.
public enum ServiceProtocol {
  public static let contentType = "application/x-amz-json-1.1"
  public static let errorTypeHeader = "x-amzn-errortype"
  public static let requestIDHeader = "x-amzn-requestid"

  /// `X-Amz-Target` of an operation.
  public static func target(of operation: Operation) -> String { prefix + operation.rawValue }

  /// The operation that an `X-Amz-Target` names; nil for another service's or an unknown one.
  public static func operation(target: Untrusted) -> Operation? {
    guard let text = target.asciiText, text.utf8.starts(with: prefix.utf8) else { return nil }
    return Operation(rawValue: String(text.dropFirst(prefix.utf8.count)))
  }

  private static let prefix = "AWSOrganizationsV20161128."
}

/// The date of an HTTP header: `Mon, 23 Nov 2026 02:15:48 GMT`.
public enum HTTPDate {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Nil for every other form. The weekday is not checked; seconds may have a fraction.
  public static func read(_ text: Untrusted) -> Timestamp? {
    guard let first = text.bytes.first, (0x61...0x7A).contains(first | 0x20) else { return nil }
    return Timestamp(reading: text.bytes)
  }

  /// To the second.
  public static func text(_ instant: Timestamp) -> String {
    let date = CivilDate(instant)
    // 1970-01-01 was a Thursday.
    let day = Int((instant.milliseconds / 86_400_000) % 7)
    let names = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    let time = [date.hour, date.minute, date.second].map { $0.padded(2) }.joined(separator: ":")
    return "\(names[(day + 7) % 7]), \(date.day.padded(2)) \(months[date.month - 1]) "
      + "\(date.year.padded(4)) \(time) GMT"
  }
}
