import Text

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
