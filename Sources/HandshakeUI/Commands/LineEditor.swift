import Drawing
import Text

/// One line of text that the operator edits.
public struct LineEditor: Hashable, Sendable {
  private var scalars: [Unicode.Scalar]
  /// The number of scalars before the cursor.
  private var place: Int
  /// The most scalars; longer pastes are cut.
  private let limit: Int

  /// Creates a line with the cursor at its end, for at most `limit` scalars.
  public init(_ text: String = "", limit: Int = 512) {
    scalars = Array(text.unicodeScalars)
    place = scalars.count
    self.limit = limit
  }

  /// The whole line.
  public var text: String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }

  /// The part of the line before the cursor.
  public var beforeCursor: String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars[..<place])
    return String(text)
  }

  /// Applies an editing key or inserts a character; returns false for any other key.
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

  /// Inserts the printable part of a paste; whitespace of every kind becomes a space.
  public mutating func paste(_ text: Untrusted) {
    let pasted = String(decoding: text.bytes, as: UTF8.self).unicodeScalars
    insert(pasted.map { $0.properties.isWhitespace ? " " : $0 })
  }

  /// Removes all text.
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
