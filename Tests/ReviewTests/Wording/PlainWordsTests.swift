import Foundation
import Testing

/// Phrases that mean nothing to an operator.
///
/// Each was replaced by plain words, and must not return
/// in a string of the product.
@Suite struct PlainWordsTests {
  static let replaced = [
    "what became of", "answered so", "has not been carried out", "given up before it was found",
    "HELD back", "leaves what is in flight", "closing the terminal is safe", "found out",
    "cannot be given", "gets a way in", "nothing made it", "bind the account at once",
    "pays for everything", "tags of an old organization", "(only it knows)", "knows no open try",
    "does not know what became", "as STS tells", "hide nothing", "and is another\"",
    "until you state", "HANDS ITS BILL", "It is the one that asks", "that asks. Logged",
    "all at once, as if pasted", "nothing is done", "Not undone here", "has to ask again",
    "quits and forgets", "NOT shown to it", "none hides anything", "looking through",
    "looks through", "over for ", "is no trust", "is no state", "There is no \\(shown):",
    "Nothing stands behind", "stands against it", "just put in its id", "must be said",
    "Mend ", "called wrongly", "to be signed with", "did not get through", "somebody else is at it",
    "organizations that are known", "not listed any more", "move up too", "asked itself",
    "for all who use it", "where none is", "opens an escape that is none", "whose eyes",
    "standard input or output is none", "the request line is none", "is no regular file",
    "is no directory", "anew",
  ]

  /// The literals of the sources, with their positions.
  private static func literals() throws -> [(place: String, text: Substring)] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources")
    var found: [(place: String, text: Substring)] = []
    let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    while let file = files?.nextObject() as? URL {
      guard file.pathExtension == "swift" else { continue }
      var isLong = false
      let lines = try String(contentsOf: file, encoding: .utf8)
        .split(separator: "\n", omittingEmptySubsequences: false)
      for (number, line) in lines.enumerated() {
        let isComment = line.drop { $0 == " " }.hasPrefix("//")
        if line.contains("\"\"\"") { isLong.toggle() }
        guard isLong || (!isComment && line.contains("\"")) else { continue }
        found.append(("\(file.lastPathComponent):\(number + 1)", line))
      }
    }
    return found
  }

  @Test("no string of the product contains a replaced phrase")
  func plain() throws {
    let literals = try Self.literals()
    #expect(literals.count > 2_000)
    for (place, text) in literals {
      for phrase in Self.replaced where text.contains(phrase) {
        Issue.record("\(place): \(phrase)")
      }
    }
  }
}
