import Text

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
