/// An error for a command line that the grammar does not accept.
public struct UsageError: Error, Hashable {
  /// What is wrong with it.
  public var problem: Problem
  /// The names from the program to the command that was being read.
  public var path: [String]
  /// The usage line of that command.
  public var usage: String

  /// What is wrong with a command line.
  ///
  /// The texts are as they were typed, and must be made printable.
  public enum Problem: Error, Hashable {
    case unknownOption(String, known: [String])
    /// A word with a single dash, such as an id whose first letters are missing.
    case notAnOption(String)
    /// An option at the end, or before an argument that begins with a dash.
    case noValue(ParameterDeclaration, next: String?)
    case flagWithValue(String, String)
    /// An option that is given twice with different values.
    case contradiction(String, String, String)
    case invalidValue(ParameterDeclaration, String, why: String?)
    case noSuchCommand(String, known: [String])
    /// A positional argument too many; `known` are the commands that may have been meant.
    case unexpected(String, places: [ParameterDeclaration], known: [String])
    case missing(ParameterDeclaration)
    /// An option that is given instead of a command, together with the first word of one.
    case standsAlone(String, String)
  }

  /// A message: what is wrong, why, and what to do.
  public struct Words: Hashable {
    /// What is wrong.
    public var what: String
    /// The reason, if it is not obvious.
    public var why: String?
    /// What to do.
    public var remedy: String
  }

  /// Describes the error.
  ///
  /// `printable` makes text that was typed printable, `plain` the text of the declarations, for a
  /// charset that lacks some of it.
  public func words(
    _ printable: (String) -> String, plain: (String) -> String = { $0 }
  ) -> Words {
    Words(
      what: what(printable, plain), why: why(printable, plain), remedy: plain(remedy))
  }

  private func what(_ printable: (String) -> String, _ plain: (String) -> String) -> String {
    func quoted(_ text: String) -> String { "\"\(printable(text))\"" }
    let place = path.count > 1 ? " of \(command)" : ""
    return switch problem {
    case .unknownOption(let name, _): "unknown option \(printable(name))\(place)"
    case .notAnOption(let word): "\(quoted(word)) is not an option"
    case .noValue(let option, _): "\(option.name) has no value"
    case .flagWithValue(let name, _): "\(name) takes no value"
    case .contradiction(let name, _, _): "\(name) is given twice with different values"
    case .invalidValue(let parameter, let text, _):
      "\(quoted(text)) is not a value of "
        + plain(parameter.form == .positional ? parameter.label : parameter.name)
    case .noSuchCommand(let word, _): "unknown command \(quoted(word))\(place)"
    case .unexpected(let word, _, _): "unexpected argument \(quoted(word))"
    case .missing(let parameter): plain("\(command) needs \(parameter.label)")
    case .standsAlone(let option, _): "\(option) stands alone"
    }
  }

  private func why(_ printable: (String) -> String, _ plain: (String) -> String) -> String? {
    func quoted(_ text: String) -> String { "\"\(printable(text))\"" }
    switch problem {
    case .notAnOption: return "options begin with two dashes, ids with h-"
    case .noValue(_, let next?): return "the next argument is \(quoted(next))"
    case .flagWithValue(_, let value): return "\(quoted(value)) was given"
    case .contradiction(_, let first, let second): return "\(quoted(first)) and \(quoted(second))"
    case .invalidValue(_, _, let why): return why.map(printable)
    case .unexpected(_, let places, _):
      let labels = places.map(\.label).joined(separator: " ")
      return plain("\(command) takes " + (places.isEmpty ? "no arguments" : "\(labels) only"))
    case .standsAlone(_, let word): return "\(quoted(word)) was given too"
    case .unknownOption, .noValue, .noSuchCommand, .missing: return nil
    }
  }

  private var remedy: String {
    switch problem {
    case .unknownOption(let name, let known):
      suggestion(name, known) + "\(command) --help lists the options."
    case .notAnOption:
      "\(path[0]) --help lists the commands, \(path[0]) COMMAND --help its options."
    case .noValue(let option, nil): "Write \(option.label)."
    case .noValue(let option, _?):
      "Write a value that begins with a dash as \(option.name)=VALUE."
    case .flagWithValue(let name, _): "Write \(name) alone."
    case .contradiction: "Give it once."
    case .invalidValue(let parameter, _, _):
      parameter.values.isEmpty
        ? "\(parameter.label): \(parameter.help)"
        : "Use \(Self.alternatives(parameter.values))."
    case .noSuchCommand(let word, let known):
      suggestion(word, known) + "\(command) --help lists the commands."
    case .unexpected(let word, _, let known): suggestion(word, known) + "Usage: \(usage)"
    case .missing: "Usage: \(usage)"
    case .standsAlone(let option, _): "Write \(path[0]) \(option), or the command without it."
    }
  }

  private var command: String { path.joined(separator: " ") }

  private func suggestion(_ word: String, _ known: [String]) -> String {
    NearMiss.of(word, among: known).map { "Did you mean \($0)? " } ?? ""
  }

  private static func alternatives(_ values: [String]) -> String {
    guard let last = values.last, values.count > 1 else { return values.first ?? "" }
    return values.dropLast().joined(separator: ", ") + " or " + last
  }
}

/// The word that was probably meant.
public enum NearMiss {
  /// Returns the known word that differs least from a mistyped one; nil when none is near.
  ///
  /// A word is near if at most two letters were added, omitted, replaced or swapped, and fewer than
  /// half of its letters; or if it is the only one that begins with what was typed.
  public static func of(_ word: String, among known: [String]) -> String? {
    let typed = Array(word.utf8)
    let letters = typed.drop { $0 == UInt8(ascii: "-") }.count
    // The distance is at least the difference of the lengths, and takes their product to find.
    let near = known.filter { abs($0.utf8.count - typed.count) <= 2 }
      .map { ($0, distance(typed, Array($0.utf8))) }
      .filter { $0.1 <= 2 && $0.1 * 2 < max(letters, 1) }.min { $0.1 < $1.1 }
    if let near { return near.0 }
    let continued = known.filter { $0.utf8.starts(with: typed) }
    return continued.count == 1 && letters > 0 ? continued.first : nil
  }

  /// Returns the least number of letters to add, omit, replace or swap with their neighbours.
  static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
    // Only the last two rows of the table are needed.
    var before: [Int] = []
    var row = Array(0...second.count)
    for i in first.indices {
      var next = [i + 1]
      for j in second.indices {
        let isSame = first[i] == second[j]
        var least = min(row[j] + (isSame ? 0 : 1), row[j + 1] + 1, next[j] + 1)
        if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
          least = min(least, before[j - 1] + 1)
        }
        next.append(least)
      }
      (before, row) = (row, next)
    }
    return row[second.count]
  }
}
