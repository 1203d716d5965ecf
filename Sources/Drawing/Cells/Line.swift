import Text

/// One line of text in pieces of different styles.
///
/// The text must be printable already: what a sender wrote has been through `Sanitiser`.
public struct Line: Hashable, Sendable {
  public struct Piece: Hashable, Sendable {
    public var text: String
    public var style: Style

    public init(_ text: String, _ style: Style) {
      self.text = text
      self.style = style
    }
  }

  public var pieces: [Piece]

  public init(_ pieces: [Piece] = []) {
    self.pieces = pieces
  }

  public init(_ text: String, _ role: Role = .plain, bold: Bool = false) {
    pieces = [Piece(text, Style(role: role, bold: bold))]
  }

  public static func + (left: Line, right: Line) -> Line { Line(left.pieces + right.pieces) }

  public static func += (left: inout Line, right: Line) { left.pieces += right.pieces }

  /// In columns.
  public var width: Int { pieces.reduce(0) { $0 + DisplayWidth.of($1.text) } }

  public var text: String { pieces.map(\.text).joined() }

  /// The same line in bold: how the focused row looks.
  public var emboldened: Line {
    Line(pieces.map { Piece($0.text, Style(role: $0.style.role, bold: true)) })
  }
}

extension Line: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) { self.init(value) }
}

extension Line {
  /// At most `columns` wide; what was cut ends in a mark.
  public func cut(to columns: Int, _ lines: LineSet) -> Line {
    guard width > columns else { return self }
    guard columns > 0 else { return Line() }
    var room = columns - 1
    var kept: [Piece] = []
    for piece in pieces {
      let width = DisplayWidth.of(piece.text)
      if width <= room {
        kept.append(piece)
        room -= width
      } else {
        kept.append(Piece(DisplayWidth.cut(piece.text, to: room) + lines.cut, piece.style))
        return Line(kept)
      }
    }
    return Line(kept)
  }

  /// Exactly `columns` wide: cut, or filled up with blanks.
  public func padded(to columns: Int, _ lines: LineSet, alignRight: Bool = false) -> Line {
    let line = cut(to: columns, lines)
    let blank = Line(String(repeating: " ", count: max(0, columns - line.width)))
    return alignRight ? blank + line : line + blank
  }
}
