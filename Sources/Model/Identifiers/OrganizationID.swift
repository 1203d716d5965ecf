import Text

/// The id of an organization: `o-` and 10 to 32 lower-case letters or digits
/// (AWS Organizations API reference, `OrganizationId`).
public struct OrganizationID: Hashable, Sendable {
  /// With its prefix: `o-` + 10…32 of `[a-z0-9]`.
  public let text: String

  /// Nil unless `text` is exactly an id, prefix included.
  public init?(_ text: some StringProtocol) {
    guard let id = text.withASCII({ Self(bytes: $0) }) else { return nil }
    self = id
  }

  init?(bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.hasPrefix("o-"), bytes.without(first: 2).isLowerAlphanumeric(10...32) else {
      return nil
    }
    self.text = String(decoding: bytes, as: UTF8.self)
  }

  /// Reads an id that may lack its prefix: the id of an `ORGANIZATION` party has none on the wire,
  /// while the value of the `ORGANIZATION` resource has one.
  public init?(withOrWithoutPrefix text: some StringProtocol) {
    if let id = OrganizationID(text) {
      self = id
    } else if let id = OrganizationID("o-" + text) {
      self = id
    } else {
      return nil
    }
  }

  /// Whether `text` is an organization's id, with or without the prefix.
  public static func isWritten(in text: Untrusted) -> Bool {
    text.bytes.withUnsafeBufferPointer { bare($0).isLowerAlphanumeric(10...32) }
  }

  /// Whether both texts are organizations' ids, with or without the prefix, and not the same one.
  public static func differ(_ left: Untrusted, _ right: Untrusted) -> Bool {
    guard isWritten(in: left), isWritten(in: right) else { return false }
    return left.bytes.withUnsafeBufferPointer { left in
      right.bytes.withUnsafeBufferPointer { right in !bare(left).equals(bare(right)) }
    }
  }

  /// Whether `text` means this organization, with or without the prefix.
  public func isMeant(by text: Untrusted) -> Bool {
    self.text.withASCII { mine in
      text.bytes.withUnsafeBufferPointer { other in
        mine.equals(other) || mine.without(first: 2).equals(other)
      }
    }
  }

  private static func bare(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    bytes.hasPrefix("o-") ? bytes.without(first: 2) : bytes
  }

  /// Without the prefix.
  public var bare: Substring { text.dropFirst(2) }
}

extension OrganizationID: Comparable {
  public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}
