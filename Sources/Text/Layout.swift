/// Untrusted text laid out in lines for the detail pane.
public struct Layout: Hashable, Sendable {
  /// The lines from top to bottom; none for an empty text.
  public var lines: [Line]
  /// The number of characters made visible, as in `Rendered.hidden`.
  public var hidden: Int
  /// The number of scalars left out, as in `Rendered.omitted`.
  public var omitted: Int

  /// A line of the layout.
  public struct Line: Hashable, Sendable {
    /// The parts of the line in different styles, left to right.
    public var segments: [Segment]
    /// Whether the line continues the one above, so that the text has no line break there.
    public var continues: Bool

    /// The whole line, without styles.
    public var text: String { segments.map(\.text).joined() }
  }

  /// A part of a line that is drawn in one style.
  public struct Segment: Hashable, Sendable {
    /// The kind of a part, which decides its style.
    public enum Kind: Hashable, Sendable {
      /// Text as it was sent.
      case text
      /// Spaces drawn for something else: an odd space or a tab.
      case space
      /// A sign of ours: an escape, or the number of characters cut off.
      case escape
    }
    /// The printable text.
    public var text: String
    /// The kind of the part.
    public var kind: Kind
  }

  /// The layout as one text, with a line feed between lines.
  var joined: Rendered {
    Rendered(text: lines.map(\.text).joined(separator: "\n"), hidden: hidden, omitted: omitted)
  }
}

extension Sanitiser {
  /// Lays the text out in lines of at most `columns`, or of at most 16 if that is more.
  ///
  /// The minimum is there because an escape is never split. A line feed ends a line and a tab goes
  /// to the next stop of eight. Nothing is dropped, not even a space at a wrap. Right-to-left text
  /// is on lines of its own, so that a terminal that reorders it moves no other text; with
  /// `beside`, where other text shares these lines, it is escaped instead (SEC-1.9).
  public static func layout(
    _ text: Untrusted, columns: Int, in charset: Charset, beside others: Bool = false
  ) -> Layout {
    var rules = Rules(.detail)
    rules.showsRightToLeft = !others
    var renderer = Renderer(text, rules, in: charset, recordsTokens: true)
    renderer.runToEnd()
    var composer = LineComposer(renderer.out, columns: max(columns, 16))
    composer.add(renderer.tokens)
    let omitted = renderer.omitted
    if omitted > 0 { composer.add(sign: Escape.cut(omitted, in: charset)) }
    return Layout(lines: composer.finish(), hidden: renderer.hidden, omitted: omitted)
  }

  /// Returns the lines of `layout(_:columns:in:beside:)`.
  public static func lines(
    _ text: Untrusted, columns: Int, in charset: Charset, beside others: Bool = false
  ) -> [Layout.Line] {
    layout(text, columns: columns, in: charset, beside: others).lines
  }
}
