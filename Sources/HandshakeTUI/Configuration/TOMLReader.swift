/// A parser of the statements in a file's bytes, which are valid UTF-8.
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
  ///
  /// - Throws: `TOMLError` when the statement is invalid or not supported.
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

  /// Parses a table header, and returns the name between the brackets.
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

  /// Skips LF or CR LF; returns false when there is no line ending.
  mutating func takeNewline() -> Bool {
    let length = lengthOfNewline
    guard length > 0 else { return false }
    index += length
    line += 1
    return true
  }

  /// The length of the line ending at `index`, 0 when there is none.
  var lengthOfNewline: Int {
    if peek == 0x0A { return 1 }
    return peek == 0x0D && index + 1 < bytes.count && bytes[index + 1] == 0x0A ? 2 : 0
  }

  mutating func skipBlanks() {
    while peek == 0x20 || peek == 0x09 { index += 1 }
  }

  /// Skips blanks, line endings and comments.
  ///
  /// - Throws: `TOMLError` for a control character in a comment.
  mutating func skipBlanksAndLines() throws(TOMLError) {
    repeat {
      skipBlanks()
      try skipComment()
    } while takeNewline()
  }

  /// Skips a comment, up to the end of its line.
  private mutating func skipComment() throws(TOMLError) {
    guard peek == UInt8(ascii: "#") else { return }
    while let byte = peek, lengthOfNewline == 0 {
      if Self.isControl(byte) { throw failure(Self.controlCharacter) }
      index += 1
    }
  }

  static let controlCharacter = "a control character"

  /// Returns whether TOML allows the byte only as an escape: C0 except the tab, and DEL.
  ///
  /// Line endings count too: callers check for those before.
  static func isControl(_ byte: UInt8) -> Bool {
    (byte < 0x20 && byte != 0x09) || byte == 0x7F
  }

  static func isBare(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte & 0xDF) || (0x30...0x39).contains(byte) || byte == 0x5F
      || byte == 0x2D
  }
}

extension TOMLReader {
  /// Parses the value at `index`.
  ///
  /// - Throws: `TOMLError` when the value is invalid or not supported, or a list is not closed.
  mutating func value() throws(TOMLError) -> TOMLValue {
    guard take("[") else { return try scalar() }
    var values: [TOMLValue] = []
    while true {
      try skipBlanksAndLines()
      if take("]") { return .list(values) }
      if peek == UInt8(ascii: "[") { throw failure("nested lists are not supported") }
      values.append(try scalar())
      try skipBlanksAndLines()
      if take("]") { return .list(values) }
      guard take(",") else { throw failure("expected , or ] in a list") }
    }
  }

  private mutating func scalar() throws(TOMLError) -> TOMLValue {
    switch peek {
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      return .text(isAtThreeQuotes ? try longString() : try string())
    case UInt8(ascii: "{"): throw failure("inline tables are not supported")
    default: return try word()
    }
  }

  /// Parses a value that is not in quotes.
  private mutating func word() throws(TOMLError) -> TOMLValue {
    let word = bytes[index...].prefix {
      Self.isBare($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: ".")
        || $0 == UInt8(ascii: ":")
    }
    let value: TOMLValue? =
      switch String(decoding: word, as: UTF8.self) {
      case "true": .boolean(true)
      case "false": .boolean(false)
      case "": nil
      default: try integer(word).map { .integer($0) }
      }
    guard let value else {
      if let byte = peek, Self.isControl(byte), lengthOfNewline == 0 {
        throw failure(Self.controlCharacter)
      }
      throw failure("a value is text in quotes, a whole number, true, false, or a list of these")
    }
    index += word.count
    return value
  }

  /// Parses an integer; nil when the bytes are not one.
  private func integer(_ word: ArraySlice<UInt8>) throws(TOMLError) -> Int64? {
    let sign = word.first.flatMap { "+-".utf8.contains($0) ? $0 : nil }
    var digits = sign == nil ? word : word.dropFirst()
    var radix = 10
    let prefixes = [("0x", 16), ("0o", 8), ("0b", 2)]
    if sign == nil, let (_, base) = prefixes.first(where: { digits.starts(with: $0.0.utf8) }) {
      (radix, digits) = (base, digits.dropFirst(2))
    }
    let parts = digits.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
    let isNumber = parts.allSatisfy { part in
      !part.isEmpty && part.allSatisfy { Self.isDigit($0, radix) }
    }
    guard isNumber, radix != 10 || digits.first != UInt8(ascii: "0") || digits.count == 1 else {
      return nil
    }
    let text = String(decoding: parts.joined(), as: UTF8.self)
    guard let number = Int64((sign == UInt8(ascii: "-") ? "-" : "") + text, radix: radix) else {
      throw failure("number larger than 64 bits")
    }
    return number
  }

  private static func isDigit(_ byte: UInt8, _ radix: Int) -> Bool {
    if radix == 16, (0x41...0x46).contains(byte & 0xDF) { return true }
    return byte >= 0x30 && byte < 0x30 + UInt8(min(radix, 10))
  }
}

// MARK: - Strings

extension TOMLReader {
  var isAtThreeQuotes: Bool {
    guard let quote = peek else { return false }
    return bytes[index...].prefix(3).elementsEqual([quote, quote, quote])
  }

  /// Parses a string that ends on its line; `index` is at its quote, `"` or `'`.
  ///
  /// - Throws: `TOMLError` for a control character, an invalid escape, or a missing closing quote.
  mutating func string() throws(TOMLError) -> String {
    let quote = bytes[index]
    index += 1
    var text: [UInt8] = []
    while let byte = peek, lengthOfNewline == 0 {
      if byte == quote {
        index += 1
        return String(decoding: text, as: UTF8.self)
      }
      try character(byte, quote, into: &text)
    }
    throw failure("missing closing quote on this line")
  }

  /// Parses a string between three quotes; `index` is at the first of them.
  private mutating func longString() throws(TOMLError) -> String {
    let (quote, start) = (bytes[index], line)
    index += 3
    // A line ending right after the quotes is not part of the text.
    _ = takeNewline()
    var text: [UInt8] = []
    while let byte = peek {
      if takeNewline() {
        text.append(0x0A)
      } else if byte != quote {
        guard try !foldedLine(byte, quote) else { continue }
        try character(byte, quote, into: &text)
      } else {
        let quotes = bytes[index...].prefix(5).prefix { $0 == quote }.count
        index += quotes
        // Up to two quotes of the text may come right before the three that end it.
        guard quotes < 3 else {
          text += [UInt8](repeating: quote, count: quotes - 3)
          return String(decoding: text, as: UTF8.self)
        }
        text += [UInt8](repeating: quote, count: quotes)
      }
    }
    throw TOMLError(line: start, problem: "missing closing \"\"\"")
  }

  /// Skips a backslash at a line's end, and all blanks and line endings after it.
  private mutating func foldedLine(_ byte: UInt8, _ quote: UInt8) throws(TOMLError) -> Bool {
    guard byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") else { return false }
    let (place, number) = (index, line)
    index += 1
    skipBlanks()
    guard takeNewline() else {
      (index, line) = (place, number)
      return false
    }
    repeat { skipBlanks() } while takeNewline()
    return true
  }

  /// Appends the character that begins with `byte`, or the one that an escape names.
  private mutating func character(
    _ byte: UInt8, _ quote: UInt8, into text: inout [UInt8]
  ) throws(TOMLError) {
    if Self.isControl(byte) { throw failure(Self.controlCharacter) }
    index += 1
    if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
      text += String(Character(try escape())).utf8
    } else {
      text.append(byte)
    }
  }

  /// Parses the escape after a backslash and returns its scalar.
  private mutating func escape() throws(TOMLError) -> Unicode.Scalar {
    let letter = peek
    index += 1
    switch letter {
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "u"): return try scalar(digits: 4)
    case UInt8(ascii: "U"): return try scalar(digits: 8)
    default:
      throw failure(
        "invalid escape: use \\ with one of b t n f r \" \\ u U; write a backslash as \\\\")
    }
  }

  private mutating func scalar(digits count: Int) throws(TOMLError) -> Unicode.Scalar {
    let digits = bytes[index...].prefix(count)
    guard digits.count == count, digits.allSatisfy({ Self.isDigit($0, 16) }),
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
      let scalar = Unicode.Scalar(value)
    else { throw failure("\\u needs 4 hexadecimal digits, \\U needs 8, of a character") }
    index += count
    return scalar
  }
}
