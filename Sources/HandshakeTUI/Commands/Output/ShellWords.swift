import Text

/// Words of a command line, written so that a shell reads them back as they are.
enum ShellWords {
  static func text(_ words: [String], _ ink: Ink) -> String {
    words.map { quoted($0, ink) }.joined(separator: " ")
  }

  private static func quoted(_ word: String, _ ink: Ink) -> String {
    if !word.isEmpty, word.utf8.allSatisfy(isPlain) { return word }
    // What the sanitiser would change is written byte by byte.
    guard ink.full(word).utf8.elementsEqual(word.utf8) else {
      let bytes = word.utf8.map { byte in
        isPlain(byte) ? String(decoding: [byte], as: UTF8.self) : "\\x" + [byte].hexadecimal
      }
      return "$'" + bytes.joined() + "'"
    }
    return "'" + word.replacing("'", with: "'\\''") + "'"
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
