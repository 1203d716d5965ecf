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

/// The signs that lines, boxes and trees are made of.
public struct LineSet: Hashable, Sendable {
  public let horizontal: String
  public let vertical: String
  public let topLeft: String
  public let topRight: String
  public let bottomLeft: String
  public let bottomRight: String
  /// A branch with others below it, and the last one.
  public let branch: String
  public let lastBranch: String
  public let heavy: String
  /// Stands for what was cut off.
  public let cut: String
  public let dot: String

  public static let utf8 = LineSet(
    horizontal: "─", vertical: "│", topLeft: "┌", topRight: "┐", bottomLeft: "└",
    bottomRight: "┘", branch: "├─ ", lastBranch: "└─ ", heavy: "═", cut: "…", dot: "·")

  public static let ascii = LineSet(
    horizontal: "-", vertical: "|", topLeft: "+", topRight: "+", bottomLeft: "+",
    bottomRight: "+", branch: "|- ", lastBranch: "`- ", heavy: "=", cut: "~", dot: ".")

  public static func of(_ charset: Charset) -> LineSet {
    switch charset {
    case .utf8: utf8
    case .ascii: ascii
    }
  }

  /// What stands before a tree's entry: for each level above, whether more entries follow there.
  public func treePrefix(above: [Bool], isLast: Bool) -> String {
    above.map { $0 ? "\(vertical)  " : "   " }.joined() + (isLast ? lastBranch : branch)
  }
}

extension Line {
  /// Returns the line broken into lines of at most `columns`, at blanks where there are any.
  ///
  /// Each line but the first begins with `indent` blanks; where the break is within a sender's text, `~ `
  /// follows them, so that no row begins with a sender's text that is not marked as such.
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

  /// Returns the mark of a row that a sender's text goes on in; `nil` for our own text, and where there is no
  /// room for both.
  private static func sign(_ style: Style, _ columns: Int, _ indent: Int) -> Piece? {
    style.role == .sender && columns >= indent + 8 ? Piece("~ ", Style(role: .sender)) : nil
  }

  /// Words with the blanks before them.
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
