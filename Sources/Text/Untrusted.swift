/// Text that a sender, a server, a file or the environment wrote: bytes, until `Sanitiser` makes
/// them printable.
///
/// Compared and hashed as bytes. Swift's `String ==` is canonical equivalence: it takes U+212A for
/// `K`, and is quadratic in combining marks (SEC-1.1).
public struct Untrusted: Hashable, Sendable {
  /// UTF-8 where the source was well formed. A lone surrogate from JSON stands as its three-byte
  /// generalised form (`ED A0 80` for U+D800); anything else malformed stands as it came.
  public let bytes: [UInt8]

  public init(bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
  }

  /// The same without a copy.
  public init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The UTF-8 of `text`.
  public init(_ text: String) {
    bytes = Array(text.utf8)
  }

  public var isEmpty: Bool { bytes.isEmpty }
}

extension Untrusted {
  /// The text, when every byte is printable ASCII (20–7E); nil otherwise. For ids, codes and
  /// addresses that are matched against a pattern, never for free text.
  public var asciiText: String? {
    guard bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension DefaultStringInterpolation {
  /// Stops the build: warnings are errors here. (An `unavailable` overload would be skipped by the
  /// type checker in favour of the generic one.)
  @available(*, deprecated, message: "untrusted: make it printable with Sanitiser first")
  public mutating func appendInterpolation(_ value: Untrusted) {
    appendLiteral("‹untrusted›")
  }

  @available(*, deprecated, message: "untrusted: make it printable with Sanitiser first")
  public mutating func appendInterpolation(_ value: Untrusted?) {
    appendLiteral("‹untrusted›")
  }
}
