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

extension Sanitiser {
  /// The text as lines of at most so many columns (at least 16: an escape is never split).
  ///
  /// A line feed ends a line and a tab goes to the next stop of eight; nothing is dropped, not even
  /// a space at a wrap. Right-to-left text stands on lines of its own, so that a terminal that
  /// reorders it moves nothing of ours; where something stands `beside` these lines, it is escaped.
  /// An empty text has no lines.
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

  public static func lines(
    _ text: Untrusted, columns: Int, in charset: Charset, beside others: Bool = false
  ) -> [Layout.Line] {
    layout(text, columns: columns, in: charset, beside: others).lines
  }
}
