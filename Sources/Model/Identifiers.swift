import Text

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

/// An e-mail address as it was written, cut at its **last** `@`: the part behind it decides whose
/// mailbox it is, and a quoted local part may hold further `@`s.
public struct EmailAddress: Hashable, Sendable {
  public let text: Untrusted
  public let local: Untrusted
  public let domain: Untrusted

  /// Nil without an `@`, or with nothing on one side of it.
  public init?(_ text: Untrusted) {
    guard let at = text.bytes.lastIndex(of: UInt8(ascii: "@")) else { return nil }
    let local = text.bytes[..<at]
    let domain = text.bytes[(at + 1)...]
    guard !local.isEmpty, !domain.isEmpty else { return nil }
    self.text = text
    self.local = Untrusted(bytes: local)
    self.domain = Untrusted(bytes: domain)
  }
}

// Identifiers straight from a reader's bytes, without a `String` in between.

extension HandshakeID {
  public init?(_ text: Untrusted) {
    guard let id = text.bytes.withUnsafeBufferPointer({ Self(bytes: $0) }) else { return nil }
    self = id
  }
}

extension HandshakeARN {
  public init?(_ text: Untrusted) {
    guard let arn = text.bytes.withUnsafeBufferPointer({ Self(bytes: $0) }) else { return nil }
    self = arn
  }
}

extension OrganizationID {
  public init?(_ text: Untrusted) {
    guard let id = text.bytes.withUnsafeBufferPointer({ Self(bytes: $0) }) else { return nil }
    self = id
  }
}

extension AccountID {
  public init?(_ text: Untrusted) {
    guard let id = text.bytes.withUnsafeBufferPointer({ Self(bytes: $0) }) else { return nil }
    self = id
  }
}
