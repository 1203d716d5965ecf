/// A key press, as the terminal tells it.
public enum Key: Hashable, Sendable {
  case character(Unicode.Scalar)
  /// With Control held: `^c` is `.control("c")`, lower case.
  case control(Unicode.Scalar)
  case enter
  case tab
  case backTab
  case escape
  case backspace
  case delete
  case up
  case down
  case left
  case right
  case home
  case end
  case pageUp
  case pageDown
  /// F1 is `.function(1)`.
  case function(Int)
  /// A sequence that means nothing to this program.
  case unknown
}
