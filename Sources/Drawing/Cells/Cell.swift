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
