/// One whole screen as values: what the terminal should look like.
public struct Frame: Hashable, Sendable {
  public let size: Size
  /// Where the terminal's own cursor stands: on what has the focus. Nil hides it.
  public var cursor: Position?
  private var cells: [Cell]

  /// Blank.
  public init(_ size: Size) {
    self.size = size
    cells = Array(repeating: .blank, count: size.columns * size.rows)
  }

  /// The cell there; what lies outside reads as blank and takes nothing.
  public subscript(row: Int, column: Int) -> Cell {
    get { contains(row, column) ? cells[row * size.columns + column] : .blank }
    set {
      guard contains(row, column) else { return }
      cells[row * size.columns + column] = newValue
    }
  }

  /// The glyphs of a row, exactly as many columns as the frame is wide.
  public func text(row: Int) -> String {
    var text = ""
    for column in 0..<size.columns { text += self[row, column].glyph }
    return text
  }

  /// The roles of a row, one letter a column.
  public func roles(row: Int) -> String {
    String((0..<size.columns).map { self[row, $0].style.role.letter })
  }

  private func contains(_ row: Int, _ column: Int) -> Bool {
    row >= 0 && row < size.rows && column >= 0 && column < size.columns
  }
}

/// One place of the screen.
public struct Cell: Hashable, Sendable {
  /// One glyph with its marks; empty when the glyph to the left is two columns wide.
  public var glyph: String
  public var style: Style

  public init(glyph: String, style: Style) {
    self.glyph = glyph
    self.style = style
  }

  public static let blank = Cell(glyph: " ", style: .plain)
}

/// What a cell means. The terminal chooses the colour; nothing is told by colour alone.
public enum Role: Hashable, CaseIterable, Sendable {
  case plain
  case heading
  case focus
  case marked
  /// Text that the sender of a handshake chose.
  case sender
  case good
  case warning
  case danger
  case quiet
  /// A key that can be pressed.
  case key
  case border
  /// Where the operator types.
  case input
}

extension Role {
  /// One letter for the style plane of a recorded frame.
  public var letter: Character {
    switch self {
    case .plain: "."
    case .heading: "H"
    case .focus: "F"
    case .marked: "M"
    case .sender: "S"
    case .good: "G"
    case .warning: "W"
    case .danger: "D"
    case .quiet: "q"
    case .key: "K"
    case .border: "b"
    case .input: "I"
    }
  }
}

public struct Style: Hashable, Sendable {
  public var role: Role
  public var bold: Bool

  public init(role: Role, bold: Bool = false) {
    self.role = role
    self.bold = bold
  }

  public static let plain = Style(role: .plain)
}
