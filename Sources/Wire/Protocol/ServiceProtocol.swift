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
