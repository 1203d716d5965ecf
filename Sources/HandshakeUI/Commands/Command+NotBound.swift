extension Command {
  /// Whether it acts on the line that has the focus, or moves it.
  var usesFocus: Bool {
    switch self {
    case .move, .look, .mark, .stage, .take: true
    case .go, .find, .send, .program: false
    }
  }

  /// Why keys that mean nothing in a place mean nothing: where they do, or what was probably meant.
  static func reasonNotBound(_ keys: [Key], in place: Place) -> String {
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
    let places = Place.allCases.filter(elsewhere.places.contains)
    let names = places.prefix(3).map(\.title).joined(separator: ", ")
    return "\(text): not used here. \(elsewhere.title): in \(names)"
      + (places.count > 3 ? " and more" : "")
  }
}

extension Key {
  /// The same letter with or without Shift.
  fileprivate var otherCase: Key? {
    guard case .character(let scalar) = self, scalar.properties.isAlphabetic else { return nil }
    let text =
      scalar.properties.isUppercase ? String(scalar).lowercased() : String(scalar).uppercased()
    guard text.unicodeScalars.count == 1, let other = text.unicodeScalars.first, other != scalar
    else { return nil }
    return .character(other)
  }
}
