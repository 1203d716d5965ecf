import Text

// Identifiers straight from a reader's bytes, without a `String` in between.

extension HandshakeID {
  public init?(_ text: Untrusted) {
    self.init(bytes: text.bytes[...])
  }
}

extension HandshakeARN {
  public init?(_ text: Untrusted) {
    self.init(bytes: text.bytes[...])
  }
}

extension OrganizationID {
  public init?(_ text: Untrusted) {
    self.init(bytes: text.bytes[...])
  }
}

extension AccountID {
  public init?(_ text: Untrusted) {
    self.init(bytes: text.bytes[...])
  }
}
