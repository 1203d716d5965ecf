/// Why the configuration is not taken: the file, the line, and what is wrong there.
struct ConfigurationError: Error, Hashable {
  var path: String
  var line: Int
  var problem: Problem

  enum Problem: Hashable {
    /// The parser's own words.
    case syntax(String)
    case unknownKey(String)
    case wrongValue(String, expected: String)
    case notUTF8
  }

  func failure(_ ink: Ink) -> CommandFailure {
    let place = "\(ink.full(path)):\(line)"
    switch problem {
    case .syntax(let words):
      return CommandFailure(
        .failed, place, why: ink.full(words),
        remedy: "Mend this line; https://toml.io tells how TOML is written.")
    case .unknownKey(let name):
      let known = ConfigurationFile.Key.allCases.map(\.rawValue).joined(separator: ", ")
      return CommandFailure(
        .failed, place, why: "unknown key \"\(ink.full(name))\"",
        remedy: "Remove it, or use one of: \(known).")
    case .wrongValue(let name, let expected):
      return CommandFailure(
        .failed, place, why: "\"\(name)\" has a value it does not take",
        remedy: "Write \(expected).")
    case .notUTF8:
      return CommandFailure(
        .failed, place, why: "not UTF-8", remedy: "Save the file as UTF-8.")
    }
  }
}
