import Text

/// The id of a handshake: `h-` and 8 to 32 lower-case letters or digits.
///
/// Source: AWS Organizations API reference, `HandshakeId`.
public struct HandshakeID: Hashable, Sendable {
  /// The id with its prefix: `h-` and 8…32 of `[0-9a-z]`.
  public let text: String

  /// Parses an id; nil unless `text` is exactly an id, prefix included.
  public init?(_ text: some StringProtocol) {
    guard let id = text.withASCII({ Self(bytes: $0) }) else { return nil }
    self = id
  }

  /// Parses an id from ASCII bytes; nil unless they are exactly an id, prefix included.
  public init?(bytes: UnsafeBufferPointer<UInt8>) {
    guard Self.isWritten(in: bytes) else { return nil }
    self.text = String(decoding: bytes, as: UTF8.self)
  }

  /// Returns whether the bytes are exactly an id, prefix included.
  static func isWritten(in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes.hasPrefix("h-") && bytes.without(first: 2).isLowerAlphanumeric(8...32)
  }

  /// Parses an id that may lack its prefix, as the value of a PARENT_HANDSHAKE resource does.
  public init?(withOrWithoutPrefix text: some StringProtocol) {
    if let id = HandshakeID(text) {
      self = id
    } else if let id = HandshakeID("h-" + text) {
      self = id
    } else {
      return nil
    }
  }

  /// The id without its prefix.
  public var bare: Substring { text.dropFirst(2) }
}

extension HandshakeID: Comparable {
  /// Orders ids by their text.
  public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

/// The id of an organization: `o-` and 10 to 32 lower-case letters or digits.
///
/// Source: AWS Organizations API reference, `OrganizationId`.
public struct OrganizationID: Hashable, Sendable {
  /// The id with its prefix: `o-` and 10…32 of `[a-z0-9]`.
  public let text: String

  /// Parses an id; nil unless `text` is exactly an id, prefix included.
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

  /// Parses an id that may lack its prefix.
  ///
  /// On the wire an ORGANIZATION party has no prefix, and the ORGANIZATION resource has one
  /// (DOM-1.2).
  public init?(withOrWithoutPrefix text: some StringProtocol) {
    if let id = OrganizationID(text) {
      self = id
    } else if let id = OrganizationID("o-" + text) {
      self = id
    } else {
      return nil
    }
  }

  /// Returns whether `text` is an organization's id, with or without the prefix.
  public static func isWritten(in text: Untrusted) -> Bool {
    text.bytes.withUnsafeBufferPointer { bare($0).isLowerAlphanumeric(10...32) }
  }

  /// Returns whether both texts are ids of organizations, with or without the prefix, and differ.
  public static func differ(_ left: Untrusted, _ right: Untrusted) -> Bool {
    guard isWritten(in: left), isWritten(in: right) else { return false }
    return left.bytes.withUnsafeBufferPointer { left in
      right.bytes.withUnsafeBufferPointer { right in !bare(left).equals(bare(right)) }
    }
  }

  /// Returns whether `text` is this id, with or without the prefix.
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

  /// The id without its prefix.
  public var bare: Substring { text.dropFirst(2) }
}

extension OrganizationID: Comparable {
  /// Orders ids by their text.
  public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

/// The id of an AWS account: twelve ASCII digits.
public struct AccountID: Hashable, Sendable {
  /// The twelve digits.
  public let text: String

  /// Parses an id; nil unless `text` is exactly twelve of `0`–`9` (no other script's digits).
  public init?(_ text: some StringProtocol) {
    guard let id = text.withASCII({ Self(bytes: $0) }) else { return nil }
    self = id
  }

  init?(bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.count == 12, bytes.isDigits else { return nil }
    self.text = String(decoding: bytes, as: UTF8.self)
  }

  /// Returns whether `text` is an account's id.
  public static func isWritten(in text: Untrusted) -> Bool {
    text.bytes.count == 12 && text.bytes.withUnsafeBufferPointer(\.isDigits)
  }
}

extension AccountID: Comparable {
  /// Orders ids by their text, which is their numeric order.
  public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

/// An e-mail address, split at its **last** `@`.
///
/// The part after the last `@` decides who owns the mailbox; a quoted local part may contain
/// further `@`s (DOM-1.6).
public struct EmailAddress: Hashable, Sendable {
  /// The whole address as written.
  public let text: Untrusted
  /// The part before the last `@`.
  public let local: Untrusted
  /// The part after the last `@`.
  public let domain: Untrusted

  /// Splits an address; nil if it has no `@`, or nothing on one side of it.
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

// Identifiers parsed from a reader's bytes, without a `String` in between.

extension HandshakeID {
  /// Parses an id; nil unless `text` is exactly an id, prefix included.
  public init?(_ text: Untrusted) {
    guard let id = text.bytes.withUnsafeBufferPointer({ Self(bytes: $0) }) else { return nil }
    self = id
  }
}

extension HandshakeARN {
  /// Parses an ARN; nil unless `text` is exactly the ARN of a handshake.
  public init?(_ text: Untrusted) {
    guard let arn = text.bytes.withUnsafeBufferPointer({ Self(bytes: $0) }) else { return nil }
    self = arn
  }
}

extension OrganizationID {
  /// Parses an id; nil unless `text` is exactly an id, prefix included.
  public init?(_ text: Untrusted) {
    guard let id = text.bytes.withUnsafeBufferPointer({ Self(bytes: $0) }) else { return nil }
    self = id
  }
}

extension AccountID {
  /// Parses an id; nil unless `text` is exactly twelve of `0`–`9`.
  public init?(_ text: Untrusted) {
    guard let id = text.bytes.withUnsafeBufferPointer({ Self(bytes: $0) }) else { return nil }
    self = id
  }
}
