/// Printable text, and what was done to make it so.
public struct Rendered: Hashable, Sendable {
  public var text: String
  /// Characters that nobody would have seen, and that are escapes now: "2 hidden characters made
  /// visible". Line breaks and tabs are not counted, nor escapes of what can be seen.
  public var hidden: Int
  /// Scalars that were left out because the text is too long; the end of `text` says so.
  public var omitted: Int

  init(text: String, hidden: Int = 0, omitted: Int = 0) {
    self.text = text
    self.hidden = hidden
    self.omitted = omitted
  }
}
