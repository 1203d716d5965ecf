import Model
import Text

/// The constants of AWS JSON 1.1 as AWS Organizations uses it.
public enum ServiceProtocol {
  /// The value of the header Content-Type.
  public static let contentType = "application/x-amz-json-1.1"
  /// The header with the error code, in lower case.
  public static let errorTypeHeader = "x-amzn-errortype"
  /// The header with the request id, in lower case.
  public static let requestIDHeader = "x-amzn-requestid"

  /// Returns the value of `X-Amz-Target` for an operation.
  public static func target(of operation: Operation) -> String { prefix + operation.rawValue }

  /// Returns the operation that `X-Amz-Target` names; nil for an unknown one or another service's.
  public static func operation(target: Untrusted) -> Operation? {
    guard let text = target.asciiText, text.utf8.starts(with: prefix.utf8) else { return nil }
    return Operation(rawValue: String(text.dropFirst(prefix.utf8.count)))
  }

  private static let prefix = "AWSOrganizationsV20161128."
}

/// The date of an HTTP header (RFC 9110, section 5.6.7): `Mon, 23 Nov 2026 02:15:48 GMT`.
public enum HTTPDate {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Parses a date that begins with a letter, in the forms of `Timestamp(reading:)`; nil for
  /// others.
  ///
  /// The weekday is not checked, and seconds may have a fraction.
  public static func read(_ text: Untrusted) -> Timestamp? {
    guard let first = text.bytes.first, (0x61...0x7A).contains(first | 0x20) else { return nil }
    return Timestamp(reading: text.bytes)
  }

  /// Returns the date to the second.
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
