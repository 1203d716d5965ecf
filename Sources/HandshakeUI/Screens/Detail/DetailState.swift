import Review

/// One handshake, opened.
struct DetailState: Equatable, Sendable {
  var key: RowKey
  /// The focused entry; nil is the first.
  var focus: EntryID?
  /// The focused entry's line on the screen.
  var screenLine = 0
  /// Closed folds.
  var folded: Set<EntryID> = []
  var search = ""
  /// Set while the raw JSON is shown.
  var raw: RawState?

  init(key: RowKey) {
    self.key = key
  }
}

/// The raw JSON, scrolled.
struct RawState: Hashable, Sendable {
  var scroll = 0
}

/// What a line of the detail stands for: the same after a reading, a fold or a resize.
enum EntryID: Hashable, Sendable {
  /// A line of the verdict on the sender, where the banner cuts it.
  case verdict(Int)
  case handshake
  case times
  /// A line of a state or an action that this program does not know.
  case unknown(Int)
  case parties
  case party(Int)
  case resources
  /// The place in the tree, from the top down.
  case resource([Int])
  /// A line of a resource's text.
  case text([Int], Int)
  case deeper([Int])
  case section(Section)
  case item(Section, Int)
  case blank(Section)

  enum Section: Hashable, CaseIterable, Sendable {
    case damage
    case effects
    case checks
    case refusals
    case timeline
    case legend
  }
}
