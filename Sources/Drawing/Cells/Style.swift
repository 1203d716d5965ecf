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
