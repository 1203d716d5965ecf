/// Bytes that must not be seen: descriptions and reflection show a placeholder.
///
/// Code that needs the bytes reads `revealed`.
public struct Secret: Hashable, Sendable {
  /// The bytes themselves: for a digest, a header or a file, never for a log, an error or a screen.
  public let revealed: [UInt8]

  /// Keeps the given bytes.
  public init(_ bytes: [UInt8]) { revealed = bytes }
  /// Keeps the UTF-8 bytes of the given text.
  public init(_ text: String) { revealed = Array(text.utf8) }

  /// Whether there are no bytes.
  public var isEmpty: Bool { revealed.isEmpty }
  /// The bytes as text, with U+FFFD for what is not UTF-8; to be used as `revealed` is.
  public var revealedText: String { String(decoding: revealed, as: UTF8.self) }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The placeholder `‹secret›`.
  public var description: String { "‹secret›" }
  /// The same placeholder as `description`.
  public var debugDescription: String { description }
  /// A mirror without children, so that `dump` and failed tests show nothing.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// The credentials that a request is signed with, as one value so that its parts belong together.
public struct AccessKeys: Hashable, Sendable {
  /// The access key id, `AKIA…` for permanent keys and `ASIA…` for temporary ones; not a secret.
  public var id: String
  /// The secret access key.
  public var secret: Secret
  /// The session token of temporary keys; nil for permanent ones.
  public var sessionToken: Secret?

  /// Combines the parts of one set of credentials.
  public init(id: String, secret: Secret, sessionToken: Secret? = nil) {
    self.id = id
    self.secret = secret
    self.sessionToken = sessionToken
  }
}

/// A value that contains something secret: descriptions, dumps and failed tests show only its type.
public protocol Redacted: CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{}

extension Redacted {
  /// The name of the type, `‹SigningKey›`.
  public var description: String { "‹\(Self.self)›" }
  /// The same text as `description`.
  public var debugDescription: String { description }
  /// A mirror without children, so that `dump` and failed tests show nothing.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}
