import Model
import Text

/// The lookup of single settings: the environment first, then the profile.
///
/// A blank variable counts as not set.
struct SettingsLookup: Sendable {
  let environment: [String: String]
  let section: ConfigSection?

  /// Returns the first variable that is set, else the profile's key.
  func text(_ variables: [String], _ key: String? = nil) -> Located<Untrusted>? {
    for name in variables {
      if let text = variable(name) { return text }
    }
    return key.flatMap { section?.text($0) }
  }

  func variable(_ name: String) -> Located<Untrusted>? {
    guard let value = environment[name], value.utf8.contains(where: { $0 != 0x20 && $0 != 0x09 })
    else { return nil }
    return Located(Untrusted(value), .variable(name))
  }

  /// Returns true for `true`, in any letter case; false for anything else.
  func flag(_ variables: [String], _ key: String? = nil) -> Located<Bool> {
    guard let text = text(variables, key) else { return Located(false, .builtIn) }
    return text.map { $0.asciiText?.lowercased() == "true" }
  }

  /// Returns a whole number.
  ///
  /// - Throws: `SettingsFault` if the value is not a whole number in `range`.
  func number(
    _ variables: [String], _ key: String, in range: ClosedRange<Int>, or standard: Int
  ) throws(SettingsFault) -> Located<Int> {
    guard let text = text(variables, key) else { return Located(standard, .builtIn) }
    guard let number = text.value.asciiText.flatMap({ Int($0) }), range.contains(number) else {
      throw text.origin.fault(
        key, .detail("not a whole number of at least \(range.lowerBound):", text.value))
    }
    return Located(number, text.origin)
  }

  /// Returns a word of an enumeration, in any letter case.
  ///
  /// - Throws: `SettingsFault` if the value is not one of the words.
  func word<Word: RawRepresentable<String> & CaseIterable>(
    _ variables: [String], _ key: String, or standard: Word
  ) throws(SettingsFault) -> Located<Word> {
    guard let text = text(variables, key) else { return Located(standard, .builtIn) }
    guard let word = text.value.asciiText.flatMap({ Word(rawValue: $0.lowercased()) }) else {
      let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
      throw text.origin.fault(key, .detail("not one of \(words):", text.value))
    }
    return Located(word, text.origin)
  }

  /// Returns a path, with `~` expanded to the home directory.
  func path(_ variables: [String], _ key: String? = nil, home: String) -> Located<String>? {
    text(variables, key).map {
      Located(
        HomePath.expand(String(decoding: $0.value.bytes, as: UTF8.self), home: home), $0.origin)
    }
  }
}

// The environment holds keys: none of it is shown by accident.
extension SettingsLookup: CustomStringConvertible, CustomReflectable {
  var description: String { "‹settings›" }
  var customMirror: Mirror { Mirror(self, children: [:]) }
}
