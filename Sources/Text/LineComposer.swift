/// A composer that breaks a renderer's tokens into lines.
struct LineComposer {
  private struct Piece {
    var text: String
    var kind: Layout.Segment.Kind
    var columns: Int
    /// Whether the line may be broken after it.
    var isSpace: Bool
  }

  private let bytes: [UInt8]
  private let width: Int
  private var lines: [Layout.Line] = []
  private var line: [Piece] = []
  private var columns = 0
  private var continues = false
  private var isOpen = false

  init(_ bytes: [UInt8], columns: Int) {
    self.bytes = bytes
    width = columns
  }

  /// Adds tokens; a run of right-to-left text gets lines of its own.
  mutating func add(_ tokens: [Renderer.Token]) {
    var index = 0
    while index < tokens.count {
      if tokens[index].kind == .rightToLeft {
        let end = LineComposer.endOfRightToLeft(tokens, from: index)
        if !line.isEmpty { endLine(continues: true) }
        while index < end {
          add(tokens[index], from: start(of: index, in: tokens))
          index += 1
        }
        let goesOn = index < tokens.count && tokens[index].kind != .lineBreak
        if goesOn { endLine(continues: true) }
      } else {
        add(tokens[index], from: start(of: index, in: tokens))
        index += 1
      }
    }
  }

  /// Adds a sign of ours.
  mutating func add(sign: String) {
    place(Piece(text: sign, kind: .escape, columns: sign.unicodeScalars.count, isSpace: false))
  }

  /// Ends the last line, and returns all lines.
  mutating func finish() -> [Layout.Line] {
    if isOpen { endLine(continues: false) }
    return lines
  }

  /// Returns the end of the run of tokens that a terminal may reorder.
  ///
  /// It is the last right-to-left letter with nothing but digits, signs and spaces between it and
  /// the one before.
  private static func endOfRightToLeft(_ tokens: [Renderer.Token], from start: Int) -> Int {
    var end = start + 1
    for index in start..<tokens.count {
      switch tokens[index].kind {
      case .rightToLeft: end = index + 1
      case .neutral, .space: continue
      case .text, .oddSpace, .tab, .lineBreak, .escape: return end
      }
    }
    return end
  }

  private func start(of index: Int, in tokens: [Renderer.Token]) -> Int {
    index == 0 ? 0 : tokens[index - 1].end
  }

  private mutating func add(_ token: Renderer.Token, from start: Int) {
    switch token.kind {
    case .lineBreak:
      endLine(continues: false)
      isOpen = true
    case .tab:
      let stop = (columns / 8 + 1) * 8
      let count = max(1, min(stop, width) - columns)
      place(
        Piece(
          text: String(repeating: " ", count: count), kind: .space, columns: count, isSpace: true))
    case .text, .neutral, .rightToLeft, .space, .oddSpace, .escape:
      let kind: Layout.Segment.Kind =
        switch token.kind {
        case .oddSpace: .space
        case .escape: .escape
        default: .text
        }
      place(
        Piece(
          text: String(decoding: bytes[start..<token.end], as: UTF8.self), kind: kind,
          columns: token.columns, isSpace: token.kind == .space || token.kind == .oddSpace))
    }
  }

  private mutating func place(_ piece: Piece) {
    while !line.isEmpty, columns + piece.columns > width { wrap() }
    line.append(piece)
    columns += piece.columns
    isOpen = true
  }

  /// Ends the line after its last space, or here if it has none.
  private mutating func wrap() {
    let carried = line.lastIndex(where: \.isSpace).map { Array(line[($0 + 1)...]) } ?? []
    line.removeLast(carried.count)
    endLine(continues: true)
    line = carried
    columns = carried.reduce(0) { $0 + $1.columns }
  }

  private mutating func endLine(continues next: Bool) {
    var segments: [Layout.Segment] = []
    for piece in line {
      if let last = segments.indices.last, segments[last].kind == piece.kind {
        segments[last].text += piece.text
      } else {
        segments.append(Layout.Segment(text: piece.text, kind: piece.kind))
      }
    }
    lines.append(Layout.Line(segments: segments, continues: continues))
    line = []
    columns = 0
    continues = next
    isOpen = false
  }
}
