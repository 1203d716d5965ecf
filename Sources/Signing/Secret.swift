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
