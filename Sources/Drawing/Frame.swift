/// The content of one whole screen, as a value.
public struct Frame: Hashable, Sendable {
  /// The size of the screen, which is fixed.
  public let size: Size
  /// The place of the terminal's own cursor, on what has the focus; nil to hide it.
  public var cursor: Position?
  private var cells: [Cell]

  /// Creates a blank frame.
  public init(_ size: Size) {
    self.size = size
    cells = Array(repeating: .blank, count: size.columns * size.rows)
  }

  /// The cell at this place.
  ///
  /// A cell outside the frame reads as blank, and setting it has no effect.
  public subscript(row: Int, column: Int) -> Cell {
    get { contains(row, column) ? cells[row * size.columns + column] : .blank }
    set {
      guard contains(row, column) else { return }
      cells[row * size.columns + column] = newValue
    }
  }

  /// Returns the glyphs of a row, which take exactly as many columns as the frame has.
  public func text(row: Int) -> String {
    var text = ""
    for column in 0..<size.columns { text += self[row, column].glyph }
    return text
  }

  /// Returns the roles of a row, one letter a column.
  public func roles(row: Int) -> String {
    String((0..<size.columns).map { self[row, $0].style.role.letter })
  }

  private func contains(_ row: Int, _ column: Int) -> Bool {
    row >= 0 && row < size.rows && column >= 0 && column < size.columns
  }
}

/// The content of one column in one row.
public struct Cell: Hashable, Sendable {
  /// One glyph with its marks; empty if the glyph to the left is two columns wide.
  public var glyph: String
  /// The role and weight of the glyph.
  public var style: Style

  /// Creates a cell.
  public init(glyph: String, style: Style) {
    self.glyph = glyph
    self.style = style
  }

  /// A cell with a space in the plain style.
  public static let blank = Cell(glyph: " ", style: .plain)
}

/// The meaning of a cell, from which the terminal chooses the colour.
///
/// No information is in the colour alone.
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
  /// A place where the operator types.
  case input
}

extension Role {
  /// The role's letter in the style plane of a recorded frame.
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

/// The look of a cell: its role and weight.
public struct Style: Hashable, Sendable {
  /// The meaning of the cell.
  public var role: Role
  /// Whether the glyph is bold.
  public var bold: Bool

  /// Creates a style.
  public init(role: Role, bold: Bool = false) {
    self.role = role
    self.bold = bold
  }

  /// The style of ordinary text.
  public static let plain = Style(role: .plain)
}
