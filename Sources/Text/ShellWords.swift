/// The words of a command line, quoted so that a shell reads them back unchanged.
public enum ShellWords {
  /// Returns the command line of words that others wrote.
  ///
  /// A word that the sanitiser would change is written byte by byte as `$'\xNN'`, which bash, zsh
  /// and ksh read.
  public static func text(_ words: [Untrusted], in charset: Charset) -> String {
    words.map { quoted($0, charset) }.joined(separator: " ")
  }

  /// Returns the command line of the program's own words.
  public static func text(_ words: [String], in charset: Charset) -> String {
    text(words.map { Untrusted($0) }, in: charset)
  }

  private static func quoted(_ word: Untrusted, _ charset: Charset) -> String {
    if !word.isEmpty, word.bytes.allSatisfy(isPlain) {
      return String(decoding: word.bytes, as: UTF8.self)
    }
    // A word that the sanitiser would change is written byte by byte.
    let shown = Sanitiser.render(word, for: .full, in: charset)
    guard shown.utf8.elementsEqual(word.bytes) else {
      let bytes = word.bytes.map { byte in
        isPlain(byte) ? String(decoding: [byte], as: UTF8.self) : "\\x" + [byte].hexadecimal
      }
      return "$'" + bytes.joined() + "'"
    }
    return "'" + shown.replacing("'", with: "'\\''") + "'"
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ","),
      UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "@"),
      UInt8(ascii: "%"), UInt8(ascii: "+"):
      true
    default: false
    }
  }
}
