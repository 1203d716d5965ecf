/// Bytes that must not be seen: no description, no reflection, no coding shows them. Whoever needs
/// them asks for them by name.
public struct Secret: Hashable, Sendable {
  /// The bytes themselves: for a digest, a header or a file, never for a log, an error or a screen.
  public let revealed: [UInt8]

  public init(_ bytes: [UInt8]) { revealed = bytes }
  public init(_ text: String) { revealed = Array(text.utf8) }

  public var isEmpty: Bool { revealed.isEmpty }
  public var revealedText: String { String(decoding: revealed, as: UTF8.self) }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "‹secret›" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// What a request is signed with. One value, so that key, secret and token always belong together.
public struct AccessKeys: Hashable, Sendable {
  public var id: String
  public var secret: Secret
  /// Of temporary keys.
  public var sessionToken: Secret?

  public init(id: String, secret: Secret, sessionToken: Secret? = nil) {
    self.id = id
    self.secret = secret
    self.sessionToken = sessionToken
  }
}

/// A value with something secret in it: descriptions, dumps and failed tests show its kind only.
public protocol Redacted: CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{}

extension Redacted {
  public var description: String { "‹\(Self.self)›" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}
