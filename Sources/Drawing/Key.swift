/// A key press, as the terminal reports it.
public enum Key: Hashable, Sendable {
  case character(Unicode.Scalar)
  /// A key with Control held: `^c` is `.control("c")`, in lower case.
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
  /// A function key: F1 is `.function(1)`.
  case function(Int)
  /// A key sequence that this program does not know.
  case unknown
}

/// A sequence of keys that together trigger one command: `j`, `C-d`, `zR`.
public struct Chord: Hashable, Sendable {
  /// The keys in the order in which they are pressed.
  public let keys: [Key]

  /// Creates a chord of several keys.
  public init(_ keys: [Key]) {
    self.keys = keys
  }

  /// Creates a chord of one key.
  public init(_ key: Key) {
    keys = [key]
  }

  /// The chord as the help shows it.
  public var text: String { keys.map(\.text).joined() }
}

extension Chord: ExpressibleByStringLiteral {
  /// Creates a chord of which every character is a key.
  public init(stringLiteral value: String) {
    keys = value.unicodeScalars.map { .character($0) }
  }
}

extension Key {
  /// The key as the help and the footer show it.
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
