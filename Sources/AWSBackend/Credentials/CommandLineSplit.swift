import Text

/// The splitting of a command line into arguments.
///
/// It follows botocore on POSIX (Python's `shlex.split`), so that the same text runs the same
/// program as in the operator's AWS CLI. There is no shell: nothing is expanded.
enum CommandLineSplit {
  /// Returns the arguments; nil for an unclosed quote or a backslash at the end.
  static func arguments(_ text: [UInt8]) -> [[UInt8]]? {
    var arguments: [[UInt8]] = []
    var word: [UInt8]?
    var place = 0
    while place < text.count {
      let byte = text[place]
      place += 1
      switch byte {
      case 0x20, 0x09, 0x0D, 0x0A:
        if let whole = word { arguments.append(whole) }
        word = nil
      case backslash:
        guard place < text.count else { return nil }
        word = (word ?? []) + [text[place]]
        place += 1
      case UInt8(ascii: "'"):
        guard let end = text[place...].firstIndex(of: byte) else { return nil }
        word = (word ?? []) + text[place..<end]
        place = end + 1
      case UInt8(ascii: "\""):
        guard let quoted = quoted(text, &place) else { return nil }
        word = (word ?? []) + quoted
      default:
        word = (word ?? []) + [byte]
      }
    }
    if let word { arguments.append(word) }
    return arguments
  }

  private static let backslash = UInt8(ascii: "\\")

  /// Returns the text up to the closing `"`; a backslash in it escapes only itself and the quote.
  private static func quoted(_ text: [UInt8], _ place: inout Int) -> [UInt8]? {
    var word: [UInt8] = []
    while place < text.count {
      let byte = text[place]
      place += 1
      if byte == UInt8(ascii: "\"") { return word }
      if byte == backslash, place < text.count,
        text[place] == backslash || text[place] == UInt8(ascii: "\"")
      {
        word.append(text[place])
        place += 1
      } else {
        word.append(byte)
      }
    }
    return nil
  }
}
