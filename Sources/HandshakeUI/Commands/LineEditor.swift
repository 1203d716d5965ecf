import Text

/// One line that is being typed.
public struct LineEditor: Hashable, Sendable {
  private var scalars: [Unicode.Scalar]
  /// How many scalars stand before the cursor.
  private var place: Int
  /// So that nobody pastes a book.
  private let limit: Int

  public init(_ text: String = "", limit: Int = 512) {
    scalars = Array(text.unicodeScalars)
    place = scalars.count
    self.limit = limit
  }

  public var text: String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }

  public var beforeCursor: String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars[..<place])
    return String(text)
  }

  /// Takes a key; false if it is not one of a text field.
  public mutating func press(_ key: Key) -> Bool {
    switch key {
    case .character(let scalar): insert([scalar])
    case .backspace, .control("h"):
      guard place > 0 else { return true }
      place -= 1
      scalars.remove(at: place)
    case .delete, .control("d"):
      if place < scalars.count { scalars.remove(at: place) }
    case .left, .control("b"): place = max(0, place - 1)
    case .right, .control("f"): place = min(scalars.count, place + 1)
    case .home, .control("a"): place = 0
    case .end, .control("e"): place = scalars.count
    case .control("u"):
      scalars.removeSubrange(..<place)
      place = 0
    case .control("k"): scalars.removeSubrange(place...)
    case .control("w"): removeWord()
    default: return false
    }
    return true
  }

  /// Takes a paste: what of it can be seen. Spaces and line breaks of every kind become blanks.
  public mutating func paste(_ text: Untrusted) {
    let pasted = String(decoding: text.bytes, as: UTF8.self).unicodeScalars
    insert(pasted.map { $0.properties.isWhitespace ? " " : $0 })
  }

  public mutating func clear() {
    scalars = []
    place = 0
  }

  private mutating func insert(_ added: [Unicode.Scalar]) {
    let taken = added.filter(DisplayWidth.isDrawn).prefix(max(0, limit - scalars.count))
    scalars.insert(contentsOf: taken, at: place)
    place += taken.count
  }

  private mutating func removeWord() {
    while place > 0, scalars[place - 1] == " " {
      place -= 1
      scalars.remove(at: place)
    }
    while place > 0, scalars[place - 1] != " " {
      place -= 1
      scalars.remove(at: place)
    }
  }
}
