import Glibc
import TestSupport
import Testing

extension Tmux {
  /// Presses keys one after the other, each after the screen shows its text.
  func step(_ key: String, until text: String) throws {
    try press(key)
    try #require(shows(text), "after \(key), without \(text):\n\(screen)")
  }

  /// Types as a hand does: keys within 30 ms count as pasted.
  func typeSlowly(_ text: String) throws {
    for character in text {
      try type(String(character))
      poll(nil, 0, 50)
    }
  }

  /// Filters the list by this word, and focuses the first row.
  func filter(_ word: String) throws {
    try press("/")
    try type(word)
    try step("Enter", until: "/ \(word)")
  }
  /// Presses `^C` until the program has ended.
  func interrupt() throws -> Bool {
    for _ in 0..<8 {
      try press("C-c")
      if shows(Tmux.ended, seconds: 1) { return true }
    }
    return false
  }

  /// Goes back until the program has ended; false when it does not.
  func quit() throws -> Bool {
    for _ in 0..<6 {
      try press("q")
      if shows(Tmux.ended, seconds: 2) { return true }
    }
    return false
  }

  /// The phrase that the open review asks for, with its two letters.
  func challenge() throws -> String {
    var found: String?
    _ = Patience.until {
      let lines = screen.split(separator: "\n")
      let line = lines.last { $0.contains("Type ") && $0.contains(", then Enter") }
      found = line.flatMap { line in
        guard let start = line.firstRange(of: "Type "),
          let end = line.firstRange(of: ", then Enter"),
          start.upperBound < end.lowerBound
        else { return nil }
        return String(line[start.upperBound..<end.lowerBound])
      }
      return found != nil
    }
    return try #require(found, "no challenge:\n\(screen)")
  }

  /// From a staged plan to its confirmation, except for the last Enter.
  func reviewAndType(reason: String) throws {
    try step("C", until: "First type the reason")
    // A dialog accepts keys only after it has been shown for a moment.
    poll(nil, 0, 500)
    try type(reason)
    try press("Enter")
    let challenge = try challenge()
    try typeSlowly(challenge)
    try #require(shows("> \(challenge)"), "\(screen)")
  }
}
