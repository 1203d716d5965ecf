import Text

/// The id of an AWS account: twelve ASCII digits.
public struct AccountID: Hashable, Sendable {
  public let text: String

  /// Nil unless `text` is exactly twelve of `0`–`9` (no other script's digits).
  public init?(_ text: some StringProtocol) {
    guard let id = text.withASCII({ Self(bytes: $0) }) else { return nil }
    self = id
  }

  init?(bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.count == 12, bytes.isDigits else { return nil }
    self.text = String(decoding: bytes, as: UTF8.self)
  }

  /// Whether `text` is an account's id.
  public static func isWritten(in text: Untrusted) -> Bool {
    text.bytes.count == 12 && text.bytes.withUnsafeBufferPointer(\.isDigits)
  }
}

extension AccountID: Comparable {
  public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}
