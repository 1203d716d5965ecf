/// A version 4 UUID (RFC 9562, section 5.4).
public struct UUID4: Hashable, Sendable {
  /// The 16 bytes, version and variant included.
  public let bytes: [UInt8]

  /// Creates the UUID of 16 random bytes; six of their bits become the version and the variant.
  public init(random bytes: [UInt8]) {
    precondition(bytes.count == 16, "a UUID has 16 bytes")
    var bytes = bytes
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    self.bytes = bytes
  }

  /// The 32 lower-case digits without dashes, as in the service's own identifiers.
  public var digits: String { bytes.hexadecimal }

  /// The usual form: groups of 8, 4, 4, 4 and 12 lower-case digits.
  public var text: String {
    [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { bytes[$0].hexadecimal }.joined(separator: "-")
  }
}
