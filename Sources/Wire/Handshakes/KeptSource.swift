import Model
import Text

/// The pieces of a damaged record that are written back as they stood, by their place.
struct KeptSource {
  /// More than one where a member stood there more than once.
  private var texts: [String: [Untrusted]] = [:]
  private var missing: Set<String> = []
  private var misspelt: [String: [(name: String, text: Untrusted)]] = [:]
  private var repeated: Set<String> = []
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
      // One member may be noted for two faults; what stood there is kept with each.
      case (.duplicateKey, .some(let text)):
        if !repeated.contains(one.place) { texts[one.place] = nil }
        repeated.insert(one.place)
        texts[one.place, default: []].append(text)
      case (_, .some(let text)):
        if !repeated.contains(one.place) { texts[one.place] = [text] }
      case (_, nil): break
      }
    }
  }

  func text(at place: String) -> Untrusted? { isEmpty ? nil : texts[place]?.first }

  func texts(at place: String) -> [Untrusted] { isEmpty ? [] : texts[place] ?? [] }

  func isMissing(_ place: @autoclosure () -> String) -> Bool {
    !isEmpty && missing.contains(place())
  }

  func misspelt(in place: String) -> [(name: String, text: Untrusted)] {
    isEmpty ? [] : misspelt[place] ?? []
  }
}
