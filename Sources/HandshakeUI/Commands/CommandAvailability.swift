import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewWording

extension Command {
  /// Returns the reason why the command is unavailable on a handshake; nil if it can be used.
  ///
  /// The screens know the reasons that depend on more than the handshake.
  func disabledReason(on row: () -> Row?, _ session: Session) -> String? {
    switch self {
    case .look(.raw), .look(.trust), .mark, .take: Self.needsRow(row(), copiesID: self)
    case .find(.nextMatch), .find(.previousMatch): "no search text: press / to search"
    case .send(.review):
      if session.launch.mode == .readOnly {
        session.readOnlyReason
      } else {
        session.plan.isEmpty ? "the plan is empty: add rows with a, d or x" : nil
      }
    case .move, .look, .go, .find, .stage, .send, .program: nil
    }
  }

  private static func needsRow(_ row: Row?, copiesID command: Command) -> String? {
    guard let row else { return "no handshake is selected" }
    guard command == .take(.copyID), row.id == nil else { return nil }
    return "this record has no readable id"
  }
}

extension Command.Stage {
  /// Returns the reason why the plan cannot be changed; nil if it can.
  ///
  /// `row` is the focused or open handshake; `marked` tells whether the command acts on marked rows
  /// instead, and `isMarked` whether a row is one of them.
  func disabledReason(
    on row: Row?, marked: () -> Bool, isMarked: (RowKey) -> Bool, _ session: Session
  ) -> String? {
    guard let row else { return "no handshake is selected" }
    guard let answer else {
      if marked() { return nil }
      let isPlanned =
        row.id.map { session.plan[$0] != nil || session.plan.blocked[$0] != nil } ?? false
      return isPlanned || isMarked(row.key) ? nil : "this row is neither in the plan nor marked"
    }
    guard session.launch.mode == .write else { return session.readOnlyReason }
    // Of several marked rows, those that cannot be planned are counted afterwards.
    if marked() { return nil }
    switch session.inbox.standing(answer, of: row, at: session.now) {
    case .open: return nil
    case .closed(let impediment):
      return session.labels.words(for: .impediment(impediment), to: answer)
    case .unidentified(let account):
      return session.labels.words(for: .unidentified(account), to: answer)
    }
  }
}

extension Command.Move {
  /// Returns the lines to move by; a distance beyond both ends for the first and the last.
  func distance(page: Int) -> Int {
    switch self {
    case .down: 1
    case .up: -1
    case .halfDown: max(1, page / 2)
    case .halfUp: -max(1, page / 2)
    case .pageDown: page
    case .pageUp: -page
    case .first: -1_000_000_000
    case .last: 1_000_000_000
    case .nextHandshake, .previousHandshake, .nextPane, .previousPane: 0
    }
  }
}

extension Command {
  /// Whether the command acts on the focused line or moves the focus.
  var usesFocus: Bool {
    switch self {
    case .move, .look, .mark, .stage, .take: true
    case .go, .find, .send, .program: false
    }
  }

  /// Returns a message for keys that do nothing in a context.
  ///
  /// It says where they are used, or which key was probably meant.
  static func reasonNotBound(_ keys: [Key], in place: KeyContext) -> String {
    let chord = Chord(keys)
    let text = chord.text
    if keys.count > 1 {
      let begun = Chord(Array(keys.dropLast()))
      let next = allCases.filter { $0.places.contains(place) }.flatMap(\.chords)
        .filter { $0.keys.starts(with: begun.keys) }.compactMap { $0.keys.last?.text }
      return "\(text): no such key. After \(begun.text): \(next.joined(separator: " "))"
    }
    if let other = keys.first?.otherCase,
      let command = bound(to: [other], in: place), command.places.contains(place)
    {
      return "\(text): not used here. \(other.text): \(command.title)"
    }
    let elsewhere = allCases.first { command in
      command.chords.contains { $0.keys.starts(with: keys) }
    }
    guard let elsewhere else { return "\(text): not used (?: all keys)" }
    let places = KeyContext.allCases.filter(elsewhere.places.contains)
    let names = places.prefix(3).map(\.title).joined(separator: ", ")
    return "\(text): not used here. \(elsewhere.title): in \(names)"
      + (places.count > 3 ? " and more" : "")
  }
}

extension Key {
  /// The same letter in the other case; nil if there is none.
  fileprivate var otherCase: Key? {
    guard case .character(let scalar) = self, scalar.properties.isAlphabetic else { return nil }
    let text =
      scalar.properties.isUppercase ? String(scalar).lowercased() : String(scalar).uppercased()
    guard text.unicodeScalars.count == 1, let other = text.unicodeScalars.first, other != scalar
    else { return nil }
    return .character(other)
  }
}
