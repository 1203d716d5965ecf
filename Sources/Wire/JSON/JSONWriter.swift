import Text

/// Writes JSON piece by piece. The caller keeps to the grammar: in an object `key`, then one value;
/// in an array `element`, then one value.
///
///     var writer = JSONWriter(.line)
///     writer.beginObject()
///     writer.key("Id")
///     writer.string("h-examplehandshakeid111")
///     writer.endObject()      // {"Id":"h-examplehandshakeid111"}
public struct JSONWriter {
  public private(set) var bytes: [UInt8] = []
  public let style: JSONStyle
  private var depth = 0
  private var isFirst = true

  public init(_ style: JSONStyle) {
    self.style = style
  }

  /// Takes what was written so far, so that a long document need not be held whole.
  public mutating func drain() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }

  public mutating func beginObject() { begin(Byte.openObject) }
  public mutating func endObject() { end(Byte.closeObject) }
  public mutating func beginArray() { begin(Byte.openArray) }
  public mutating func endArray() { end(Byte.closeArray) }

  /// The name of the next member, which needs no escapes.
  public mutating func key(_ name: StaticString) {
    element()
    bytes.append(Byte.quote)
    name.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(Byte.quote)
    colon()
  }

  /// The name of the next member.
  public mutating func key(_ name: Untrusted) {
    element()
    quote(name.bytes)
    colon()
  }

  /// Goes to the next element of an array.
  @inline(__always)
  public mutating func element() {
    if !isFirst { bytes.append(Byte.comma) }
    isFirst = false
    if style.layout == .indented { breakLine() }
  }

  public mutating func string(_ text: Untrusted) { quote(text.bytes) }

  public mutating func string(_ text: String) { quote(Array(text.utf8)) }

  public mutating func number(_ value: Int64) { bytes.append(contentsOf: String(value).utf8) }

  public mutating func bool(_ value: Bool) {
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  public mutating func null() { bytes.append(contentsOf: "null".utf8) }

  /// The end of a document.
  public mutating func newline() {
    bytes.append(0x0A)
    isFirst = true
  }

  /// Bytes that are JSON already and hold nothing to escape: a number's text.
  mutating func verbatim(_ text: some Collection<UInt8>) { bytes.append(contentsOf: text) }

  /// A string that is known to be printable ASCII without quote or backslash.
  mutating func plain(_ text: String) {
    bytes.append(Byte.quote)
    bytes.append(contentsOf: text.utf8)
    bytes.append(Byte.quote)
  }

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

/// How JSON is written. Every style writes the same value; they differ in layout, in which
/// characters are escaped, and in how a handshake's times are told.
public struct JSONStyle: Hashable, Sendable {
  public var layout: Layout
  public var escapes: Escapes
  public var times: Times

  public init(_ layout: Layout, _ escapes: Escapes, times: Times = .iso8601) {
    self.layout = layout
    self.escapes = escapes
    self.times = times
  }

  public enum Layout: Hashable, Sendable {
    /// No space at all.
    case compact
    /// One member a line, four spaces a level.
    case indented
  }

  public enum Escapes: Hashable, Sendable {
    /// What JSON demands: quote, backslash and C0.
    case needed
    /// Also what acts on a terminal or is not seen where it stands: DEL, C1, the bidirectional
    /// controls and all other format characters, tags and selectors, spaces that are not U+0020,
    /// private use and what Unicode does not know.
    case safe
    /// Everything outside printable ASCII.
    case ascii
  }

  public enum Times: Hashable, Sendable {
    /// Seconds since 1970, with milliseconds where there are any: the wire's form.
    case epoch
    /// As AWS CLI v2 prints them, in UTC.
    case iso8601
  }

  /// AWS JSON 1.1.
  public static let wire = JSONStyle(.compact, .needed, times: .epoch)
  /// What `aws … --output json` of CLI v2 prints, for a file or a pipe.
  public static let document = JSONStyle(.indented, .safe)
  /// The same for a terminal.
  public static let terminal = JSONStyle(.indented, .ascii)
  /// One document a line, for a file or a pipe.
  public static let line = JSONStyle(.compact, .safe)
  /// The same for a terminal.
  public static let terminalLine = JSONStyle(.compact, .ascii)
}

/// Escapes within a JSON string.
///
/// What is no Unicode is written so that the text stays valid JSON and valid UTF-8: a lone surrogate
/// as its own escape (`\ud800`), a stray byte 80–FF as `\udc80`–`\udcff`, the form that Python's
/// `surrogateescape` gives it and turns back into the byte. A high surrogate before either is written
/// as its three bytes: the two escapes would be read as one character, which nobody sent.
enum JSONEscaping {
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

  /// Whether the escape of a lone high surrogate could become one character with the next escape.
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

  /// The two-character escapes, as Python's `json` uses them.
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
  /// Writes a value that stands in `source` as JSON in this writer's style: its numbers as they are
  /// written, its members in their order. A source that is no JSON is written as a string.
  public mutating func value(jsonSource source: Untrusted) {
    guard JSONText.fault(in: source.bytes) == nil else { return string(source) }
    source.bytes.withUnsafeBufferPointer { bytes in
      var cursor = JSONCursor(bytes, limits: .document)
      // The text has just been checked.
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

  /// Writes a scalar whole, or the opening of a container.
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
