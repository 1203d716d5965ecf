import Text

/// One line of text in pieces of different styles.
///
/// The text must be printable: text from others has been through `Sanitiser`.
public struct Line: Hashable, Sendable {
  /// A part of a line in one style.
  public struct Piece: Hashable, Sendable {
    /// The printable text.
    public var text: String
    /// The style of the whole piece.
    public var style: Style

    /// Creates a piece.
    public init(_ text: String, _ style: Style) {
      self.text = text
      self.style = style
    }
  }

  /// The pieces from left to right.
  public var pieces: [Piece]

  /// Creates a line of pieces, or an empty line.
  public init(_ pieces: [Piece] = []) {
    self.pieces = pieces
  }

  /// Creates a line of one piece.
  public init(_ text: String, _ role: Role = .plain, bold: Bool = false) {
    pieces = [Piece(text, Style(role: role, bold: bold))]
  }

  /// Returns a line with the pieces of both.
  public static func + (left: Line, right: Line) -> Line { Line(left.pieces + right.pieces) }

  /// Appends the pieces of `right`.
  public static func += (left: inout Line, right: Line) { left.pieces += right.pieces }

  /// The width in columns.
  public var width: Int { pieces.reduce(0) { $0 + DisplayWidth.of($1.text) } }

  /// The whole line, without styles.
  public var text: String { pieces.map(\.text).joined() }

  /// The same line in bold, as the focused row is drawn.
  public var emboldened: Line {
    Line(pieces.map { Piece($0.text, Style(role: $0.style.role, bold: true)) })
  }
}

extension Line: ExpressibleByStringLiteral {
  /// Creates a plain line of a literal.
  public init(stringLiteral value: String) { self.init(value) }
}

extension Line {
  /// Returns the line in at most `columns`; a line that is cut ends in `lines.cut`.
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

  /// Returns the line in exactly `columns`, cut or filled up with blanks.
  public func padded(to columns: Int, _ lines: LineSet, alignRight: Bool = false) -> Line {
    let line = cut(to: columns, lines)
    let blank = Line(String(repeating: " ", count: max(0, columns - line.width)))
    return alignRight ? blank + line : line + blank
  }
}

/// The signs that lines, boxes and trees consist of.
///
/// Each takes one column, but for the branches, which take three.
public struct LineSet: Hashable, Sendable {
  /// The sign of a horizontal line.
  public let horizontal: String
  /// The sign of a vertical line, also in trees.
  public let vertical: String
  /// The upper left corner of a box.
  public let topLeft: String
  /// The upper right corner of a box.
  public let topRight: String
  /// The lower left corner of a box.
  public let bottomLeft: String
  /// The lower right corner of a box.
  public let bottomRight: String
  /// The branch to an entry of a tree that has others below it.
  public let branch: String
  /// The branch to the last entry of a tree's level.
  public let lastBranch: String
  /// The sign of a heavy horizontal line.
  public let heavy: String
  /// The mark at the end of a line that was cut.
  public let cut: String

  /// The set for a UTF-8 terminal.
  public static let utf8 = LineSet(
    horizontal: "─", vertical: "│", topLeft: "┌", topRight: "┐", bottomLeft: "└",
    bottomRight: "┘", branch: "├─ ", lastBranch: "└─ ", heavy: "═", cut: "…")

  /// The set for a terminal without UTF-8, and for `--ascii`.
  public static let ascii = LineSet(
    horizontal: "-", vertical: "|", topLeft: "+", topRight: "+", bottomLeft: "+",
    bottomRight: "+", branch: "|- ", lastBranch: "`- ", heavy: "=", cut: "~")

  /// Returns the set for a charset.
  public static func of(_ charset: Charset) -> LineSet {
    switch charset {
    case .utf8: utf8
    case .ascii: ascii
    }
  }

  /// Returns the signs before an entry of a tree.
  ///
  /// `above` has an element for each level above: whether more entries follow there.
  public func treePrefix(above: [Bool], isLast: Bool) -> String {
    above.map { $0 ? "\(vertical)  " : "   " }.joined() + (isLast ? lastBranch : branch)
  }
}

extension Line {
  /// Returns the line broken into lines of at most `columns`, at blanks where possible.
  ///
  /// Each line but the first begins with `indent` blanks. If the break is within a sender's text,
  /// `~ ` follows them, so that no row begins with a sender's text that is not marked as such
  /// (SEC-1.11). The mark is left out if `columns` is less than `indent` + 8.
  public func wrapped(to columns: Int, indent: Int = 0) -> [Line] {
    guard columns > 0 else { return [] }
    var lines: [Line] = []
    var line = Line()
    var used = 0
    var start = 0
    func breakLine(within style: Style) {
      lines.append(line)
      let blanks = min(indent, columns - 1)
      line = blanks > 0 ? Line(String(repeating: " ", count: blanks)) : Line()
      if let sign = Self.sign(style, columns, indent) { line.pieces.append(sign) }
      start = line.width
      used = start
    }
    for piece in pieces {
      let sign = Self.sign(piece.style, columns, indent)?.text.utf8.count ?? 0
      for word in Self.words(piece.text) {
        var rest = word
        var width = DisplayWidth.of(rest)
        if used + width > columns, used > start {
          breakLine(within: piece.style)
          rest = String(rest.drop { $0 == " " })
          width = DisplayWidth.of(rest)
        }
        if used + width > columns {
          let parts = DisplayWidth.pieces(
            rest, first: columns - used, rest: columns - min(indent, columns - 1) - sign)
          for part in parts.dropLast() {
            if !part.isEmpty { line.pieces.append(Piece(part, piece.style)) }
            breakLine(within: piece.style)
          }
          rest = parts.last ?? ""
          width = DisplayWidth.of(rest)
        }
        guard !rest.isEmpty else { continue }
        line.pieces.append(Piece(rest, piece.style))
        used += width
      }
    }
    lines.append(line)
    return lines
  }

  /// Returns the mark for a row that continues a sender's text.
  ///
  /// It is nil for our own text, and if there is no room for both.
  private static func sign(_ style: Style, _ columns: Int, _ indent: Int) -> Piece? {
    style.role == .sender && columns >= indent + 8 ? Piece("~ ", Style(role: .sender)) : nil
  }

  /// Returns the words, each with the blanks before it.
  private static func words(_ text: String) -> [String] {
    var words: [String] = []
    var word = ""
    var inBlanks = true
    for character in text {
      if character == " ", !inBlanks {
        words.append(word)
        word = ""
      }
      inBlanks = character == " "
      word.append(character)
    }
    if !word.isEmpty { words.append(word) }
    return words
  }
}
