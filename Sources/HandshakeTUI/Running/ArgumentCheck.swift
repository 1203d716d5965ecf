import ArgumentParser
import Model
import Text
import Wire

/// The checks of a command line that the parser does not make.
///
/// The parser takes the last of two values, and reads `-h79d…` as a request for help.
struct ArgumentCheck {
  let arguments: [String]
  let ink: Ink

  /// Returns the first error; nil when there is none.
  func failure() -> CommandFailure? {
    // The parser's own description takes time that a plain call does not need.
    guard mayBeWrong else { return nil }
    guard let options = Self.options else { return unknownOptions }
    var given: [String: String] = [:]
    var isFirstWord = true
    var rest = arguments[...]
    while let argument = rest.popFirst(), argument != "--" {
      if argument.hasPrefix("--") {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first.map(String.init), let option = options[name] else { continue }
        let value: String
        if parts.count == 2 {
          value = String(parts[1])
        } else {
          guard let next = rest.popFirst() else { continue }
          if !option.takesAnything, next.utf8.count > 1, next.hasPrefix("-") {
            return noValue(name, next)
          }
          value = next
        }
        if option.isRepeating { continue }
        if let before = given.updateValue(value, forKey: name),
          !before.utf8.elementsEqual(value.utf8)
        {
          return contradiction(name, before, value)
        }
      } else if argument.utf8.count > 2, argument.hasPrefix("-") {
        return notAnOption(argument)
      } else if isFirstWord, argument != "-h" {
        isFirstWord = false
        if argument == Self.passesAllOn { return nil }
      }
    }
    return nil
  }

  /// The command whose further arguments belong to the sandbox program, with options of its own.
  private static let passesAllOn = "sandbox"

  /// Whether an option is repeated, or an argument begins with a single dash.
  private var mayBeWrong: Bool {
    var names: Set<Substring> = []
    return arguments.contains { argument in
      guard argument.hasPrefix("-"), argument.utf8.count > 1 else { return false }
      guard argument.hasPrefix("--") else { return true }
      if argument == "--help" { return true }
      return !names.insert(argument.prefix { $0 != "=" }).inserted
    }
  }

  /// The failure of a command line that cannot be checked, which is refused.
  private var unknownOptions: CommandFailure {
    CommandFailure(
      .usage, "this command line cannot be checked for contradictory options",
      remedy: "Use each option once, and ids without a leading dash.")
  }

  private func contradiction(_ name: String, _ first: String, _ second: String) -> CommandFailure {
    CommandFailure(
      .usage, "\(name) is given twice with different values",
      why: "\"\(ink.full(first))\" and \"\(ink.full(second))\"", remedy: "Give it once.")
  }

  private func noValue(_ name: String, _ next: String) -> CommandFailure {
    CommandFailure(
      .usage, "\(name) has no value", why: "the next argument is \"\(ink.full(next))\"",
      remedy: "Write a value that begins with a dash as \(name)=VALUE.")
  }

  private func notAnOption(_ argument: String) -> CommandFailure {
    CommandFailure(
      .usage, "\"\(ink.full(argument))\" is not an option",
      why: "ids begin with h-, options with two dashes",
      remedy: "handshake --help lists the commands, handshake COMMAND --help its options.")
  }
}

extension ArgumentCheck {
  /// An option with a value.
  struct ValuedOption: Hashable {
    var isRepeating: Bool
    /// Whether its value may begin with a dash.
    var takesAnything: Bool
  }

  /// The options with a value, of all commands, by their names with dashes.
  ///
  /// They are read from the parser's own description; nil when that cannot be read. An option that
  /// one command accepts several times counts as repeating.
  static let options = described()

  private static func described() -> [String: ValuedOption]? {
    guard let root = try? JSONValue.read(Array(HandshakeCommand._dumpHelp().utf8))["command"]
    else { return nil }
    var options: [String: ValuedOption] = [:]
    var commands = [root]
    while let command = commands.popLast() {
      commands += command["subcommands"]?.array ?? []
      for argument in command["arguments"]?.array ?? []
      where argument["kind"]?.string == Untrusted("option") {
        let option = ValuedOption(
          isRepeating: argument["isRepeating"]?.bool ?? false,
          takesAnything: argument["parsingStrategy"]?.string == Untrusted("unconditional"))
        for name in argument["names"]?.array ?? [] {
          guard let text = name["name"]?.string?.asciiText else { continue }
          let known = options["--" + text]
          options["--" + text] = ValuedOption(
            isRepeating: option.isRepeating || known?.isRepeating ?? false,
            takesAnything: option.takesAnything || known?.takesAnything ?? false)
        }
      }
    }
    return options
  }
}
