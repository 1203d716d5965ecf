import Model
import Text

/// The pieces of a damaged record that are written back as they stood, by their place.
struct KeptSource {
  private var texts: [String: Untrusted] = [:]
  private var missing: Set<String> = []
  private var misspelt: [String: [(name: String, text: Untrusted)]] = [:]
  /// Nothing is damaged: the common case, in which no place need be spelt out.
  let isEmpty: Bool

  init(_ damage: [Damage]) {
    isEmpty = damage.isEmpty
    for one in damage {
      switch (one.fault, one.text) {
      case (.missing, _): missing.insert(one.place)
      case (.misspelt, .some(let text)):
        let dot = one.place.utf8.lastIndex(of: UInt8(ascii: "."))
        let parent = dot.map { String(one.place[..<$0]) } ?? ""
        let name = dot.map { String(one.place[one.place.utf8.index(after: $0)...]) }
        misspelt[parent, default: []].append((name ?? one.place, text))
      case (_, .some(let text)): texts[one.place] = text
      case (_, nil): break
      }
    }
  }

  func text(at place: String) -> Untrusted? { isEmpty ? nil : texts[place] }

  func isMissing(_ place: @autoclosure () -> String) -> Bool {
    !isEmpty && missing.contains(place())
  }

  func misspelt(in place: String) -> [(name: String, text: Untrusted)] {
    isEmpty ? [] : misspelt[place] ?? []
  }
}
