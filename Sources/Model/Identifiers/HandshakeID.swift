/// The id of a handshake: `h-` and 8 to 32 lower-case letters or digits
/// (AWS Organizations API reference, `HandshakeId`).
public struct HandshakeID: Hashable, Sendable {
  /// With its prefix: `h-` + 8…32 of `[0-9a-z]`.
  public let text: String

  /// Nil unless `text` is exactly an id, prefix included.
  public init?(_ text: some StringProtocol) {
    guard let id = text.withASCII({ Self(bytes: $0) }) else { return nil }
    self = id
  }

  public init?(bytes: UnsafeBufferPointer<UInt8>) {
    guard Self.isWritten(in: bytes) else { return nil }
    self.text = String(decoding: bytes, as: UTF8.self)
  }

  static func isWritten(in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes.hasPrefix("h-") && bytes.without(first: 2).isLowerAlphanumeric(8...32)
  }

  /// Reads an id that may lack its prefix, as the value of a `PARENT_HANDSHAKE` resource does.
  public init?(withOrWithoutPrefix text: some StringProtocol) {
    if let id = HandshakeID(text) {
      self = id
    } else if let id = HandshakeID("h-" + text) {
      self = id
    } else {
      return nil
    }
  }

  /// Without the prefix.
  public var bare: Substring { text.dropFirst(2) }
}

extension HandshakeID: Comparable {
  public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}
