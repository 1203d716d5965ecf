import Text

/// A writer of JSON, one token at a time.
///
/// The caller keeps to the grammar: in an object `key`, then one value; in an array `element`, then
/// one value.
///
///     var writer = JSONWriter(.line)
///     writer.beginObject()
///     writer.key("Id")
///     writer.string("h-examplehandshakeid111")
///     writer.endObject()      // {"Id":"h-examplehandshakeid111"}
public struct JSONWriter {
  /// The JSON written since the start or the last `drain`.
  public private(set) var bytes: [UInt8] = []
  /// The layout, escapes and form of times.
  public let style: JSONStyle
  private var depth = 0
  private var isFirst = true

  /// Begins an empty document.
  public init(_ style: JSONStyle) {
    self.style = style
  }

  /// Returns what was written so far and forgets it, so that a long document need not be held
  /// whole.
  public mutating func drain() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }

  /// Writes `{`.
  public mutating func beginObject() { begin(Byte.openObject) }
  /// Writes `}`.
  public mutating func endObject() { end(Byte.closeObject) }
  /// Writes `[`.
  public mutating func beginArray() { begin(Byte.openArray) }
  /// Writes `]`.
  public mutating func endArray() { end(Byte.closeArray) }

  /// Writes the name of the next member, which must need no escapes, and a comma before it if
  /// needed.
  public mutating func key(_ name: StaticString) {
    element()
    bytes.append(Byte.quote)
    name.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(Byte.quote)
    colon()
  }

  /// Writes the name of the next member with the escapes it needs, and a comma before it if needed.
  public mutating func key(_ name: Untrusted) {
    element()
    quote(name.bytes)
    colon()
  }

  /// Begins the next element of an array, with a comma if it is not the first.
  @inline(__always)
  public mutating func element() {
    if !isFirst { bytes.append(Byte.comma) }
    isFirst = false
    if style.layout == .indented { breakLine() }
  }

  /// Writes a string with the escapes that the style asks for.
  public mutating func string(_ text: Untrusted) { quote(text.bytes) }

  /// Writes a string with the escapes that the style asks for.
  public mutating func string(_ text: String) { quote(Array(text.utf8)) }

  /// Writes an integer in decimal digits.
  public mutating func number(_ value: Int64) { bytes.append(contentsOf: String(value).utf8) }

  /// Writes `true` or `false`.
  public mutating func bool(_ value: Bool) {
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  /// Writes `null`.
  public mutating func null() { bytes.append(contentsOf: "null".utf8) }

  /// Writes the newline at the end of a document; another document may follow.
  public mutating func newline() {
    bytes.append(0x0A)
    isFirst = true
  }

  /// Writes bytes that are JSON already and need no escapes, such as a number's text.
  mutating func verbatim(_ text: some Collection<UInt8>) { bytes.append(contentsOf: text) }

  /// Writes a string that is known to be printable ASCII without quote or backslash.
  mutating func plain(_ text: String) {
    bytes.append(Byte.quote)
    bytes.append(contentsOf: text.utf8)
    bytes.append(Byte.quote)
  }

  /// Writes a string that is known to be printable ASCII without quote or backslash.
  mutating func plain(_ name: StaticString) {
    bytes.append(Byte.quote)
    name.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(Byte.quote)
  }

  private mutating func quote(_ text: [UInt8]) {
    bytes.append(Byte.quote)
    text.withUnsafeBufferPointer { JSONEscaping.append($0, style.escapes, to: &bytes) }
    bytes.append(Byte.quote)
  }

  private mutating func colon() {
    bytes.append(Byte.colon)
    if style.layout == .indented { bytes.append(0x20) }
  }

  private mutating func begin(_ bracket: UInt8) {
    bytes.append(bracket)
    depth += 1
    isFirst = true
  }

  private mutating func end(_ bracket: UInt8) {
    depth -= 1
    if !isFirst, style.layout == .indented { breakLine() }
    bytes.append(bracket)
    isFirst = false
  }

  private mutating func breakLine() {
    bytes.append(0x0A)
    bytes.append(contentsOf: repeatElement(0x20, count: 4 * depth))
  }
}

/// The style in which JSON is written.
///
/// Every style writes the same value. Styles differ in layout, in the characters that are escaped,
/// and in the form of a handshake's times.
public struct JSONStyle: Hashable, Sendable {
  /// The white space between tokens.
  public var layout: Layout
  /// The characters that strings escape.
  public var escapes: Escapes
  /// The form of a handshake's times.
  public var times: Times

  /// Combines a layout, escapes and a form of times.
  public init(_ layout: Layout, _ escapes: Escapes, times: Times = .iso8601) {
    self.layout = layout
    self.escapes = escapes
    self.times = times
  }

  /// The white space between tokens.
  public enum Layout: Hashable, Sendable {
    /// No white space at all.
    case compact
    /// One member a line, four spaces a level, as the AWS CLI prints.
    case indented
  }

  /// The sets of characters that strings escape.
  public enum Escapes: Hashable, Sendable {
    /// The characters that JSON requires to be escaped: quote, backslash and C0.
    case needed
    /// Also those that act on a terminal or are invisible.
    ///
    /// These are DEL, C1, the bidirectional controls and all other format characters, tags and
    /// selectors, spaces other than U+0020, private use, and code points that Unicode has not
    /// assigned.
    case safe
    /// Everything outside printable ASCII.
    case ascii
  }

  /// The forms of a handshake's times.
  public enum Times: Hashable, Sendable {
    /// Seconds since 1970, with milliseconds unless they are zero, as AWS JSON 1.1 has them.
    case epoch
    /// The form of AWS CLI v2, in UTC: `2016-12-13T19:14:19.257000+00:00`.
    case iso8601
  }

  /// The style of AWS JSON 1.1.
  public static let wire = JSONStyle(.compact, .needed, times: .epoch)
  /// The style of `aws … --output json` of CLI v2, for a file or a pipe.
  public static let document = JSONStyle(.indented, .safe)
  /// The same style for a terminal, everything outside printable ASCII escaped.
  public static let terminal = JSONStyle(.indented, .ascii)
  /// One document a line, for a file or a pipe.
  public static let line = JSONStyle(.compact, .safe)
  /// One document a line, for a terminal.
  public static let terminalLine = JSONStyle(.compact, .ascii)
}

/// The escapes within a JSON string.
///
/// Bytes that are not Unicode are written so that the text stays valid JSON and valid UTF-8: a lone
/// surrogate as its own escape (`\ud800`), a stray byte 80–FF as `\udc80`–`\udcff`, the form that
/// Python's `surrogateescape` gives it and turns back into the byte. A high surrogate before either
/// is written as its three bytes: the two escapes would be read as one character, which nobody
/// sent.
enum JSONEscaping {
  /// Appends `text` to `out` with its escapes, without the quotes around it.
  static func append(
    _ text: UnsafeBufferPointer<UInt8>, _ escapes: JSONStyle.Escapes, to out: inout [UInt8]
  ) {
    var place = 0
    var plain = 0
    while place < text.count {
      let byte = text[place]
      if byte >= 0x20, byte < 0x7F, byte != Byte.quote, byte != Byte.backslash {
        place += 1
        continue
      }
      let (unit, length) = UTF8Form.unit(at: place, in: text)
      if isKept(unit, escapes) {
        place += length
        continue
      }
      out.append(contentsOf: text[plain..<place])
      if wouldPair(unit, before: place + length, in: text) {
        for byte in text[place..<place + length] { append(.stray(byte), to: &out) }
      } else {
        append(unit, to: &out)
      }
      place += length
      plain = place
    }
    out.append(contentsOf: text[plain..<place])
  }

  /// Returns whether a unit is written without an escape.
  private static func isKept(_ unit: UTF8Form.Unit, _ escapes: JSONStyle.Escapes) -> Bool {
    guard case .scalar(let value) = unit, value >= 0x20, value != 0x22, value != 0x5C else {
      return false
    }
    switch escapes {
    case .needed: return true
    case .safe: return value < 0x7F || Unicode.Scalar(value).map(DisplayWidth.isDrawn) == true
    case .ascii: return value < 0x7F
    }
  }

  /// Returns whether the escape of a lone high surrogate could form one character with the next
  /// escape.
  private static func wouldPair(
    _ unit: UTF8Form.Unit, before next: Int, in text: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard case .surrogate(0xD800...0xDBFF) = unit, next < text.count else { return false }
    // Another high surrogate may have to be written as bytes too.
    if case .scalar = UTF8Form.unit(at: next, in: text).0 { return false }
    return true
  }

  private static func append(_ unit: UTF8Form.Unit, to out: inout [UInt8]) {
    switch unit {
    case .stray(let byte): appendUnit(0xDC00 + UInt32(byte), to: &out)
    case .surrogate(let value): appendUnit(value, to: &out)
    case .scalar(let value):
      if let letter = shortForm(value) {
        out += [Byte.backslash, letter]
      } else if value < 0x10000 {
        appendUnit(value, to: &out)
      } else {
        appendUnit(0xD800 + (value - 0x10000) >> 10, to: &out)
        appendUnit(0xDC00 + (value - 0x10000) & 0x3FF, to: &out)
      }
    }
  }

  /// Returns the letter of a two-character escape, of those that Python's `json` writes.
  private static func shortForm(_ value: UInt32) -> UInt8? {
    switch value {
    case 0x22, 0x5C: UInt8(value)
    case 0x08: UInt8(ascii: "b")
    case 0x09: UInt8(ascii: "t")
    case 0x0A: UInt8(ascii: "n")
    case 0x0C: UInt8(ascii: "f")
    case 0x0D: UInt8(ascii: "r")
    default: nil
    }
  }

  private static func appendUnit(_ value: UInt32, to out: inout [UInt8]) {
    out += [Byte.backslash, UInt8(ascii: "u")]
    for shift in [UInt32(12), 8, 4, 0] {
      let digit = UInt8(value >> shift & 0xF)
      out.append(digit < 10 ? Byte.zero + digit : UInt8(ascii: "a") + digit - 10)
    }
  }
}

extension JSONWriter {
  /// Writes a value given as JSON in this writer's style.
  ///
  /// Numbers are kept as they are written, and members in their order. A source that is not JSON is
  /// written as a string.
  public mutating func value(jsonSource source: Untrusted) {
    guard JSONText.fault(in: source.bytes) == nil else { return string(source) }
    source.bytes.withUnsafeBufferPointer { bytes in
      var cursor = JSONCursor(bytes, limits: .document)
      // `JSONText.fault` has just checked the text.
      try? copyTokens(&cursor)
    }
  }

  private mutating func copyTokens(_ cursor: inout JSONCursor) throws(JSONFault) {
    /// The open containers; true for an object.
    var isObject: [Bool] = []
    repeat {
      let byte = try cursor.peek()
      if byte == Byte.closeObject || byte == Byte.closeArray {
        cursor.offset += 1
        isObject.removeLast()
        byte == Byte.closeObject ? endObject() : endArray()
        continue
      }
      if byte == Byte.comma {
        cursor.offset += 1
        continue
      }
      // A value begins here, after its name in an object.
      if let inObject = isObject.last {
        if inObject { key(cursor.text(try cursor.key()).text) } else { element() }
      }
      try copyStart(&cursor, &isObject)
    } while !isObject.isEmpty
  }

  /// Writes a whole scalar, or the opening of a container.
  private mutating func copyStart(
    _ cursor: inout JSONCursor, _ isObject: inout [Bool]
  ) throws(JSONFault) {
    switch try cursor.peek() {
    case Byte.openObject:
      cursor.offset += 1
      isObject.append(true)
      beginObject()
    case Byte.openArray:
      cursor.offset += 1
      isObject.append(false)
      beginArray()
    case Byte.quote:
      string(cursor.text(try cursor.string()).text)
    default:
      let start = cursor.offset
      try cursor.skipScalar()
      verbatim(cursor.bytes[start..<cursor.offset])
    }
  }
}
