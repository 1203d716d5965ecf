import Drawing
import Testing
import Text

@Suite("What a canvas accepts into a cell")
struct CanvasGateTests {
  private func row(_ text: String, _ charset: Charset) -> String {
    var canvas = Canvas(Size(columns: 6, rows: 1), charset)
    canvas.draw(text, row: 0)
    return canvas.frame.text(row: 0)
  }

  @Test("without the sanitiser, no character that hides or moves text is drawn")
  func hidden() {
    #expect(row("a\u{1B}b", .utf8) == "?b    ")
    #expect(row("a\u{202E}b", .utf8) == "?b    ")
    #expect(row("a\u{A0}b", .utf8) == "a?b   ")
    #expect(row("日é", .utf8) == "日é   ")
  }

  @Test("only ASCII is drawn on an ASCII terminal, and columns stay in place")
  func ascii() {
    #expect(row("é日x", .ascii) == "???x  ")
  }
}

@Suite("Drawing into a part of a frame")
struct CanvasPartTests {
  private func lines(_ canvas: Canvas) -> [String] {
    (0..<canvas.frame.size.rows).map { canvas.frame.text(row: $0) }
  }

  @Test("nothing is drawn outside the part")
  func clipping() {
    var canvas = Canvas(Size(columns: 8, rows: 3), .utf8)
    canvas.inside(Rect(row: 1, column: 2, rows: 1, columns: 4)) { canvas in
      canvas.draw("abcdefgh", row: 0)
      canvas.draw("outside", row: 1)
      canvas.draw("outside", row: -1)
      canvas.draw("outside", row: 0, column: 4)
    }
    #expect(lines(canvas) == ["        ", "  abc…  ", "        "])
  }

  @Test("a part of a part is no larger than it, and the outer part can be drawn into afterwards")
  func nested() {
    var canvas = Canvas(Size(columns: 8, rows: 2), .ascii)
    canvas.inside(Rect(row: 0, column: 1, rows: 1, columns: 5)) { canvas in
      canvas.inside(Rect(row: 0, column: 2, rows: 9, columns: 9)) { canvas in
        #expect(canvas.size == Size(columns: 3, rows: 1))
        canvas.draw("xyz", row: 0)
      }
      canvas.draw("a", row: 0)
    }
    #expect(lines(canvas) == [" a xyz  ", "        "])
  }

  @Test("a mark at the right edge cuts the line, and never covers it")
  func sign() {
    var canvas = Canvas(Size(columns: 12, rows: 1), .utf8)
    canvas.draw("a long line of text", row: 0, before: " 3/9")
    #expect(lines(canvas) == ["a long … 3/9"])
  }

  @Test("the other half of an overwritten wide glyph becomes a blank")
  func wideGlyphs() {
    var canvas = Canvas(Size(columns: 6, rows: 1), .utf8)
    canvas.draw("日本語", row: 0)
    canvas.draw("x", row: 0, column: 1)
    #expect(lines(canvas) == [" x本語"])
    canvas.draw("y", row: 0, column: 2)
    #expect(lines(canvas) == [" xy 語"])
    // A glyph of two columns does not fit into the last one.
    canvas.draw("本", row: 0, column: 5)
    #expect(canvas.frame.text(row: 0).hasPrefix(" xy "))
  }

  @Test(
    "a box blanks what it covers, and has its title in the upper edge",
    arguments: [
      (Charset.utf8, ["┌─ T ──┐", "│in    │", "└──────┘"]),
      (.ascii, ["+- T --+", "|in    |", "+------+"]),
    ])
  func box(charset: Charset, expected: [String]) {
    var canvas = Canvas(Size(columns: 8, rows: 3), charset)
    for row in 0..<3 { canvas.draw("########", row: row) }
    canvas.box(canvas.bounds, "T") { $0.draw("in", row: 0) }
    #expect(lines(canvas) == expected)
  }

  @Test("a border without room for a title leaves it out")
  func noRoom() {
    var canvas = Canvas(Size(columns: 1, rows: 1), .ascii)
    canvas.border("title")
    canvas.rule("title", row: 0)
    canvas.box(Rect(row: 5, column: 5, rows: 3, columns: 3)) { $0.draw("x", row: 0) }
    #expect(lines(canvas).first?.count == 1)
  }

  @Test("the cursor stays within the part")
  func cursor() {
    var canvas = Canvas(Size(columns: 10, rows: 4), .utf8)
    canvas.inside(Rect(row: 1, column: 2, rows: 2, columns: 3)) {
      $0.placeCursor(row: 1, column: 9)
    }
    #expect(canvas.frame.cursor == Position(row: 2, column: 4))
    canvas.inside(Rect(row: 1, column: 2, rows: 2, columns: 3)) {
      $0.placeCursor(row: 2, column: 0)
    }
    #expect(canvas.frame.cursor == Position(row: 2, column: 4))
  }

  @Test("a cell outside a frame reads as blank, and ignores writes")
  func outside() {
    var frame = Frame(Size(columns: 2, rows: 1))
    for place in [(0, 2), (1, 0), (-1, 0), (0, -1)] {
      frame[place.0, place.1] = Cell(glyph: "x", style: .plain)
      #expect(frame[place.0, place.1] == .blank)
    }
    #expect(frame == Frame(Size(columns: 2, rows: 1)))
    #expect(Frame(Size(columns: -3, rows: -1)).size == Size(columns: 0, rows: 0))
  }

  @Test("every role has its own letter")
  func letters() {
    #expect(Set(Role.allCases.map(\.letter)).count == Role.allCases.count)
  }
}

@Suite("Parts of the screen")
struct RectTests {
  @Test("what is taken off and the rest cover the whole, and a larger cut takes only what exists")
  func taking() {
    let whole = Rect(row: 2, column: 3, rows: 5, columns: 7)
    for count in [-1, 0, 1, 4, 5, 7, 99] {
      for isTop in [true, false] {
        var rest = whole
        let part = isTop ? rest.takeTop(count) : rest.takeBottom(count)
        #expect(part.rows == min(max(0, count), 5))
        #expect(part.rows + rest.rows == 5)
        #expect(part.columns == 7 && rest.columns == 7)
        #expect(part.intersection(rest).rows == 0 || part.rows == 0 || rest.rows == 0)
      }
      for isLeft in [true, false] {
        var rest = whole
        let part = isLeft ? rest.takeLeft(count) : rest.takeRight(count)
        #expect(part.columns == min(max(0, count), 7))
        #expect(part.columns + rest.columns == 7)
        #expect(part.rows == 5 && rest.rows == 5)
      }
    }
  }

  @Test("a rect in the middle is no larger than the one around it")
  func centred() {
    let whole = Rect(Size(columns: 80, rows: 24))
    #expect(
      whole.centred(rows: 4, columns: 10) == Rect(row: 10, column: 35, rows: 4, columns: 10))
    #expect(whole.centred(rows: 99, columns: 99) == whole)
  }

  @Test("rects that do not touch have no intersection")
  func apart() {
    let left = Rect(row: 0, column: 0, rows: 2, columns: 2)
    let right = Rect(row: 0, column: 5, rows: 2, columns: 2)
    #expect(left.intersection(right).columns == 0)
    #expect(left.inset.rows == 0 && left.inset.columns == 0)
  }
}

@Suite("Columns of a table")
struct ColumnTests {
  private let wanted = [
    Column(1, "A", width: 4), Column(2, "B", width: 4, stretch: 6, leaves: 2),
    Column(3, "C", width: 4, leaves: 1, alignRight: true),
  ]

  @Test(
    "columns are dropped in their order until the rest fits, and spare width is shared out",
    arguments: [
      (3, [1]), (4, [1]), (8, [1]), (9, [1, 2]), (13, [1, 2]), (14, [1, 2, 3]), (99, [1, 2, 3]),
    ])
  func fitting(width: Int, shown: [Int]) {
    let layout = ColumnLayout(wanted, in: width)
    #expect(layout.columns.map(\.id) == shown)
    let used = ColumnLayout<Int>.width(of: layout.columns)
    #expect(used <= width || shown == [1])
    #expect(layout.row(.utf8) { Line("cell \($0)") }.width == used)
    #expect(layout.heading(.utf8).width == used)
  }

  @Test("a cell is cut with a mark, or padded on its side")
  func cells() {
    let layout = ColumnLayout(wanted, in: 14)
    #expect(layout.row(.ascii) { Line($0 == 1 ? "longer" : "x") }.text == "lon~ x       x")
    #expect(layout.heading(.utf8).text == "A    B       C")
  }

  @Test("a cut never leaves half of a wide glyph, and keeps the styles")
  func cut() {
    let line = Line("日本", .sender) + Line("語", .danger)
    #expect(line.cut(to: 6, .utf8) == line)
    #expect(line.cut(to: 5, .utf8).text == "日本…")
    #expect(line.cut(to: 4, .utf8).text == "日…")
    #expect(line.cut(to: 0, .utf8).text == "")
    #expect(line.cut(to: 5, .utf8).pieces.map(\.style.role) == [.sender, .danger])
  }

  @Test("a tree's prefix continues beside the following lines, in both character sets")
  func tree() {
    #expect(LineSet.utf8.treePrefix(above: [true, false], isLast: true) == "│     └─ ")
    #expect(LineSet.ascii.treePrefix(above: [false, true], isLast: false) == "   |  |- ")
  }
}

@Suite("Lines broken to a width")
struct WrappingTests {
  private func wrapped(_ text: String, _ columns: Int, indent: Int = 0) -> [String] {
    Line(text).wrapped(to: columns, indent: indent).map(\.text)
  }

  @Test("break at blanks, and indent continuation lines")
  func words() {
    #expect(wrapped("what accepting does", 10) == ["what", "accepting", "does"])
    #expect(wrapped("what accepting does", 12, indent: 2) == ["what", "  accepting", "  does"])
  }

  @Test("a word too long is broken without loss, between glyphs and never in an escape")
  func longWords() {
    #expect(wrapped("abcdefgh", 3) == ["abc", "def", "gh"])
    #expect(wrapped("see abcdefgh", 5, indent: 1) == ["see", " abcd", " efgh"])
    #expect(wrapped("日本語", 3) == ["日", "本", "語"])
    #expect(wrapped("ab‹U+202E›c", 9) == ["ab", "‹U+202E›c"])
    let conjunct = "\u{915}\u{94D}\u{937}\u{93F}"
    #expect(wrapped(conjunct, 1).joined().unicodeScalars.count == 4)
  }

  @Test("a sender's text is marked where it continues in another row")
  func sendersText() {
    let line = Line("State is unknown: ") + Line("~ abcdefgh ijklmnop", .sender) + Line(" ours now")
    #expect(
      line.wrapped(to: 20, indent: 2).map(\.text) == [
        "State is unknown: ~", "  ~ abcdefgh", "  ~ ijklmnop ours", "  now",
      ])
    let long = Line("~ " + String(repeating: "x", count: 24), .sender)
    #expect(
      long.wrapped(to: 12, indent: 2).map(\.text) == [
        "~", "  ~ xxxxxxxx", "  ~ xxxxxxxx", "  ~ xxxxxxxx",
      ])
  }
}
