/// Reads statements one after the other from the bytes of a file, which are valid UTF-8.
struct TOMLReader {
  let bytes: [UInt8]
  var index = 0
  /// The line of `index`, from 1.
  var line = 1

  enum Statement {
    case table(String, line: Int)
    case entry(TOMLEntry)
  }

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
  }

  /// Returns the next table header or entry; nil at the end of the file.
  mutating func next() throws(TOMLError) -> Statement? {
    try skipBlanksAndLines()
    guard let byte = peek else { return nil }
    let start = line
    let statement: Statement
    if byte == UInt8(ascii: "[") {
      statement = .table(try header(), line: start)
    } else {
      let key = try self.key("a key")
      skipBlanks()
      if peek == UInt8(ascii: ".") { throw failure("dotted keys are not supported") }
      guard take("=") else { throw failure("expected = after the key") }
      skipBlanks()
      statement = .entry(TOMLEntry(key: key, value: try value(), line: start))
    }
    try endOfStatement()
    return statement
  }

  /// The name between the brackets.
  private mutating func header() throws(TOMLError) -> String {
    index += 1
    if peek == UInt8(ascii: "[") { throw failure("arrays of tables are not supported") }
    skipBlanks()
    let name = try key("a table's name")
    skipBlanks()
    if peek == UInt8(ascii: ".") { throw failure("nested tables are not supported") }
    guard take("]") else { throw failure("expected ] after the table's name") }
    return name
  }

  private mutating func key(_ what: String) throws(TOMLError) -> String {
    switch peek {
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      if isAtThreeQuotes { throw failure("\(what) must be on one line") }
      return try string()
    default:
      let name = bytes[index...].prefix(while: Self.isBare)
      guard !name.isEmpty else {
        throw failure("\(what) must consist of letters, digits, - and _, or be in quotes")
      }
      index += name.count
      return String(decoding: name, as: UTF8.self)
    }
  }

  /// Requires that only blanks or a comment follow a statement on its line.
  private mutating func endOfStatement() throws(TOMLError) {
    skipBlanks()
    try skipComment()
    guard peek == nil || takeNewline() else {
      throw failure("one setting per line; only a comment may follow it")
    }
  }
}

// MARK: - Bytes

extension TOMLReader {
  var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

  func failure(_ problem: String) -> TOMLError { TOMLError(line: line, problem: problem) }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  /// Takes LF or CR LF.
  mutating func takeNewline() -> Bool {
    let length = lengthOfNewline
    guard length > 0 else { return false }
    index += length
    line += 1
    return true
  }

  /// How long the line ending that stands here is; 0 when none does.
  var lengthOfNewline: Int {
    if peek == 0x0A { return 1 }
    return peek == 0x0D && index + 1 < bytes.count && bytes[index + 1] == 0x0A ? 2 : 0
  }

  mutating func skipBlanks() {
    while peek == 0x20 || peek == 0x09 { index += 1 }
  }

  /// Passes over blanks, line ends and comments.
  mutating func skipBlanksAndLines() throws(TOMLError) {
    repeat {
      skipBlanks()
      try skipComment()
    } while takeNewline()
  }

  /// Passes over a comment, up to the end of its line.
  private mutating func skipComment() throws(TOMLError) {
    guard peek == UInt8(ascii: "#") else { return }
    while let byte = peek, lengthOfNewline == 0 {
      if Self.isControl(byte) { throw failure(Self.controlCharacter) }
      index += 1
    }
  }

  static let controlCharacter = "a control character"

  /// What TOML takes nowhere but as an escape: C0 except the tab, and DEL. Ends of lines count too:
  /// whoever asks has looked for them before.
  static func isControl(_ byte: UInt8) -> Bool {
    (byte < 0x20 && byte != 0x09) || byte == 0x7F
  }

  static func isBare(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte & 0xDF) || (0x30...0x39).contains(byte) || byte == 0x5F
      || byte == 0x2D
  }
}
