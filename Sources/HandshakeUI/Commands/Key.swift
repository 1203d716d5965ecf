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

/// Keys that are pressed one after the other and mean one thing: `j`, `C-d`, `zR`.
public struct Chord: Hashable, Sendable {
  public let keys: [Key]

  public init(_ keys: [Key]) {
    self.keys = keys
  }

  public init(_ key: Key) {
    keys = [key]
  }

  /// As the help writes it.
  public var text: String { keys.map(\.text).joined() }
}

extension Chord: ExpressibleByStringLiteral {
  /// Every letter is a key.
  public init(stringLiteral value: String) {
    keys = value.unicodeScalars.map { .character($0) }
  }
}

extension Key {
  /// As the help and the footer write it.
  public var text: String {
    switch self {
    case .character(" "): "Space"
    case .character(let scalar): String(scalar)
    case .control(let scalar): "C-\(scalar)"
    case .enter: "Enter"
    case .tab: "Tab"
    case .backTab: "S-Tab"
    case .escape: "Esc"
    case .backspace: "Backspace"
    case .delete: "Delete"
    case .up: "Up"
    case .down: "Down"
    case .left: "Left"
    case .right: "Right"
    case .home: "Home"
    case .end: "End"
    case .pageUp: "PgUp"
    case .pageDown: "PgDn"
    case .function(let number): "F\(number)"
    case .unknown: "?"
    }
  }
}
