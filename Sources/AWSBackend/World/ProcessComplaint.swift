import Text

/// The first line that a program wrote to standard error, fit to be told.
enum ProcessComplaint {
  /// Bytes.
  static let limit = 500

  /// Nil when there is none.
  ///
  /// - Parameter arguments: What the program was called with; may be passwords, which a program that
  ///   fails likes to repeat.
  /// - Parameter isCut: Whether the program wrote more than these bytes.
  static func read(
    _ errors: [UInt8], without arguments: [String], isCut: Bool = false
  ) -> Untrusted? {
    let lines = errors.split { $0 == 0x0A || $0 == 0x0D }
    guard let line = lines.lazy.map({ plain($0) }).first(where: { !$0.isEmpty }) else { return nil }
    guard !holdsKeys(line) else { return Untrusted("(its message is not shown: it contains keys)") }
    var text = line
    for secret in parts(of: arguments) { text = text.replacing(secret, with: "…".utf8) }
    // The first line with something in it is the last one too where what follows was let go.
    let isLast = lines.last.map { plain($0) == line } ?? true
    text = SecretLooks.withhold(text, isCut: isCut && isLast)
    return Untrusted(bytes: cut(text))
  }

  /// Without control characters, and without the sequences that colour a terminal.
  private static func plain(_ line: ArraySlice<UInt8>) -> [UInt8] {
    var plain: [UInt8] = []
    var rest = line
    while let byte = rest.popFirst() {
      if byte == 0x1B, rest.first == UInt8(ascii: "[") {
        rest = rest.dropFirst().drop { (0x20...0x3F).contains($0) }.dropFirst()
      } else if byte == 0x09 {
        plain.append(0x20)
      } else if byte >= 0x20, byte != 0x7F {
        plain.append(byte)
      }
    }
    return Array(plain.drop { $0 == 0x20 })
  }

  /// A program that fails after it wrote its answer to the wrong stream.
  private static func holdsKeys(_ line: [UInt8]) -> Bool {
    let lower = String(decoding: line, as: UTF8.self).lowercased()
    return ["secretaccesskey", "secret_access_key", "sessiontoken", "session_token"].contains {
      lower.contains($0)
    }
  }

  /// The arguments and what follows `=` in them, the longest first; not what every word would hold.
  private static func parts(of arguments: [String]) -> [[UInt8]] {
    arguments.flatMap { argument -> [[UInt8]] in
      let bytes = Array(argument.utf8)
      let value = bytes.firstIndex(of: UInt8(ascii: "=")).map { Array(bytes[($0 + 1)...]) }
      return [bytes] + (value.map { [$0] } ?? [])
    }.filter { $0.count >= 4 }.sorted { $0.count > $1.count }
  }

  private static func cut(_ text: [UInt8]) -> [UInt8] {
    guard text.count > limit else { return text }
    var end = limit
    // Not within a character.
    while end > limit - 4, text[end] & 0xC0 == 0x80 { end -= 1 }
    return Array(text[..<end])
  }
}
