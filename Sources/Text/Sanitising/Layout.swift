/// Untrusted text laid out for the detail pane.
public struct Layout: Hashable, Sendable {
  public var lines: [Line]
  /// As `Rendered.hidden`.
  public var hidden: Int
  /// As `Rendered.omitted`.
  public var omitted: Int

  public struct Line: Hashable, Sendable {
    public var segments: [Segment]
    /// Whether the line goes on from the one above it: the text has no line break there.
    public var continues: Bool

    public var text: String { segments.map(\.text).joined() }
  }

  /// A stretch of a line that is drawn in one style.
  public struct Segment: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
      /// As it was sent.
      case text
      /// Spaces that were something else: an odd space, a tab.
      case space
      /// A sign of ours: an escape, or how much was cut.
      case escape
    }
    public var text: String
    public var kind: Kind
  }

  var joined: Rendered {
    Rendered(text: lines.map(\.text).joined(separator: "\n"), hidden: hidden, omitted: omitted)
  }
}
