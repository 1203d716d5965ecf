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

  public mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

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
