/// One line of the command table.
public struct CommandEntry: Hashable, Sendable {
  /// The first one is shown where there is little room.
  public let chords: [Chord]
  public let title: String
  public let places: Set<Place>

  init(_ chords: [Chord], _ title: String, in places: Set<Place>) {
    self.chords = chords
    self.title = title
    self.places = places
  }
}

extension Command {
  public var entry: CommandEntry {
    switch self {
    case .move(let command): command.entry
    case .look(let command): command.entry
    case .go(let command): command.entry
    case .find(let command): command.entry
    case .mark(let command): command.entry
    case .stage(let command): command.entry
    case .send(let command): command.entry
    case .take(let command): command.entry
    case .program(let command): command.entry
    }
  }

  public var chords: [Chord] { entry.chords }
  public var title: String { entry.title }
  public var places: Set<Place> { entry.places }

  /// What these keys do there; nil when nothing.
  public static func bound(to keys: [Key], in place: Place) -> Command? {
    bindings[place]?[Chord(keys)]
  }

  /// Whether further keys may make these a command.
  static func isPrefix(_ keys: [Key], in place: Place) -> Bool {
    (bindings[place] ?? [:]).keys.contains {
      $0.keys.count > keys.count && $0.keys.starts(with: keys)
    }
  }

  private static let bindings: [Place: [Chord: Command]] = {
    var bindings: [Place: [Chord: Command]] = [:]
    for command in allCases {
      for place in command.places {
        for chord in command.chords { bindings[place, default: [:]][chord] = command }
      }
    }
    return bindings
  }()
}
