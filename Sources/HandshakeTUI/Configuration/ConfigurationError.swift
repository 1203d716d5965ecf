/// Why the configuration is not taken: the file, the line, and what is wrong there.
struct ConfigurationError: Error, Hashable {
  var path: String
  var line: Int
  var problem: Problem

  enum Problem: Hashable {
    /// Not the TOML that is taken: the reader's own words.
    case syntax(String)
    case unknownKey(String)
    /// The file has keys only, no tables.
    case unknownTable(String)
    case wrongValue(String, expected: String)
  }

  func failure(_ ink: Ink) -> CommandFailure {
    let place = "\(ink.full(path)):\(line)"
    switch problem {
    case .syntax(let words):
      return CommandFailure(
        .failed, place, why: ink.full(words),
        remedy: "Correct this line: key = value, text in quotes, one setting a line.")
    case .unknownKey(let name):
      let known = ConfigurationFile.Key.allCases.map(\.rawValue).joined(separator: ", ")
      return CommandFailure(
        .failed, place, why: "unknown key \"\(ink.full(name))\"",
        remedy: "Remove it, or use one of: \(known).")
    case .unknownTable(let name):
      return CommandFailure(
        .failed, place, why: "unknown table [\(ink.full(name))]",
        remedy: "Remove it: the file has key = value lines and no tables.")
    case .wrongValue(let name, let expected):
      return CommandFailure(
        .failed, place, why: "invalid value of \"\(name)\"",
        remedy: "Write \(expected).")
    }
  }
}
