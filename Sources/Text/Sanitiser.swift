/// Makes untrusted text printable. What comes out holds only scalars that take the columns
/// `DisplayWidth` says, in the order they were sent; everything else stands there as an escape.
///
///     Sanitiser.render(Untrusted("a\u{202E}b\n"), for: .cell, in: .utf8)   // a‹U+202E›b⏎
///     Sanitiser.render(Untrusted("a\u{202E}b\n"), for: .full, in: .ascii)  // a<U+202E>b<U+000A>
///
/// One pass over the scalars: never Characters, of which CR LF is one and a flood of marks another.
/// (SEC-1.2)
public enum Sanitiser {
  public static func render(_ text: Untrusted, for sink: Sink, in charset: Charset) -> String {
    rendered(text, for: sink, in: charset).text
  }

  /// The same, with what a reader should be told about it.
  public static func rendered(
    _ text: Untrusted, for sink: Sink, in charset: Charset
  ) -> Rendered {
    switch sink {
    case .cell, .dialog, .full: oneLine(text, Rules(sink), in: charset)
    case .log: oneLine(text, Rules(sink), in: .ascii)
    case .clipboard: oneLine(withoutLastLineBreaks(text), Rules(sink), in: charset)
    case .csv: field(oneLine(text, Rules(sink), in: charset))
    case .detail: layout(text, columns: .max, in: charset).joined
    }
  }

  /// How many characters of the text nobody would have seen as they are: controls other than line
  /// break and tab, format characters, selectors, odd spaces, bytes that are no text.
  public static func hiddenCount(_ text: Untrusted) -> Int {
    rendered(text, for: .dialog, in: .utf8).hidden
  }

  private static func oneLine(
    _ text: Untrusted, _ rules: Rules, in charset: Charset
  ) -> Rendered {
    if text.bytes.count <= rules.limit ?? .max, isPlain(text.bytes[...], in: charset) {
      return Rendered(text: String(decoding: text.bytes, as: UTF8.self))
    }
    var renderer = Renderer(text, rules, in: charset)
    renderer.runToEnd()
    let omitted = renderer.omitted
    let sign = omitted > 0 ? Escape.cut(omitted, in: charset) : ""
    return Rendered(text: renderer.text + sign, hidden: renderer.hidden, omitted: omitted)
  }

  /// Whether the text is its own rendering in every one-line sink.
  static func isPlain(_ bytes: ArraySlice<UInt8>, in charset: Charset) -> Bool {
    bytes.withUnsafeBufferPointer { buffer in
      for byte in buffer where byte < 0x20 || byte > 0x7E || (byte == 0x3C && charset == .ascii) {
        return false
      }
      return true
    }
  }

  private static func withoutLastLineBreaks(_ text: Untrusted) -> Untrusted {
    guard let last = text.bytes.lastIndex(where: { $0 != 0x0A && $0 != 0x0D }) else {
      return Untrusted("")
    }
    return Untrusted(bytes: text.bytes[...last])
  }

  /// RFC 4180 quoting, and an apostrophe before what a spreadsheet would take for a formula.
  private static func field(_ rendered: Rendered) -> Rendered {
    let formula: [Unicode.Scalar] = [
      "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
    ]
    let scalars = rendered.text.unicodeScalars
    let first = scalars.first { $0 != " " }
    let guarded = first.map(formula.contains) == true
    var field = rendered
    let needsQuotes = guarded || scalars.contains { $0 == "," || $0 == "\"" || $0 == " " }
    guard needsQuotes else { return field }
    var out = "\"" + (guarded ? "'" : "")
    for scalar in scalars {
      if scalar == "\"" { out.unicodeScalars.append("\"") }
      out.unicodeScalars.append(scalar)
    }
    field.text = out + "\""
    return field
  }
}

/// What the reader's terminal or file can hold: decides the form of the escapes.
public enum Charset: Hashable, Sendable {
  /// `‹U+202E›`
  case utf8
  /// `<U+202E>`, and everything above 7E escaped.
  case ascii
}

/// Where printable text goes. Each sink has its own rules; all of them escape what hides, moves or
/// disguises, and none lets a control, a bidi or a format character through (SEC-2).
public enum Sink: Hashable, Sendable {
  /// One line of a list or table: abbreviates (`⏎`, `‹+n marks›`) and is nobody's input.
  case cell
  /// Ids, names, e-mail addresses and whatever else the operator decides by: one line that
  /// abbreviates nothing but its length.
  case dialog
  /// The detail pane: line breaks and tabs are laid out, right-to-left text stands on lines of its
  /// own. `Sanitiser.layout` gives it as lines of a width.
  case detail
  /// One line that `Sanitiser.unescape` turns back into the very bytes, however long.
  case full
  /// A log record: ASCII whatever the charset, and short.
  case log
  /// The full form without the line breaks at the end, which a shell would take for Enter.
  case clipboard
  /// One field of a CSV record: quoted, and never a formula.
  case csv
}

/// How one sink differs from another.
struct Rules {
  enum LineFeed {
    case sign
    case escape
    case layout
  }

  var lineFeed = LineFeed.escape
  /// Tabs and odd spaces are shown as spaces.
  var laysOut = false
  var showsRightToLeft = false
  /// Marks past the fourth are counted rather than escaped one by one, and a mark without a base
  /// gets a dotted circle.
  var abbreviatesMarks = false
  /// Bytes of input that are shown; the rest is counted.
  var limit: Int?

  static let marksOnBase = 4
  static let shown = 64 * 1024
  /// More than the widest screen has columns. Lists render their cells anew for each frame.
  static let cell = 2 * 1024
  static let logged = 2 * 1024

  init(_ sink: Sink) {
    switch sink {
    case .cell:
      lineFeed = .sign
      abbreviatesMarks = true
      limit = Rules.cell
    case .dialog:
      limit = Rules.shown
    case .detail:
      lineFeed = .layout
      laysOut = true
      showsRightToLeft = true
      limit = Rules.shown
    case .log:
      limit = Rules.logged
    case .full, .clipboard, .csv:
      break
    }
  }
}

/// Printable text, and what was done to make it so.
public struct Rendered: Hashable, Sendable {
  public var text: String
  /// Characters that nobody would have seen, and that are escapes now: "2 hidden characters made
  /// visible". Line breaks and tabs are not counted, nor escapes of what can be seen.
  public var hidden: Int
  /// Scalars that were left out because the text is too long; the end of `text` says so.
  public var omitted: Int

  init(text: String, hidden: Int = 0, omitted: Int = 0) {
    self.text = text
    self.hidden = hidden
    self.omitted = omitted
  }
}

extension Sanitiser {
  /// Rendered text with each run of two or more blanks as one sign, which text cannot forge:
  /// `‹12 spaces›`, in ASCII `<12 spaces>`. A terminal's rows and columns are made with blanks, so
  /// text of others must not have any number of them.
  public static func countingBlanks(_ rendered: String, in charset: Charset) -> String {
    var out: [UInt8] = []
    var blanks = 0
    func end(_ out: inout [UInt8]) {
      if blanks > 1 {
        _ = Escape.append(blanks: blanks, in: charset, to: &out)
      } else if blanks == 1 {
        out.append(0x20)
      }
      blanks = 0
    }
    guard hasBlanks(rendered) else { return rendered }
    for byte in rendered.utf8 {
      if byte == 0x20 {
        blanks += 1
      } else {
        end(&out)
        out.append(byte)
      }
    }
    end(&out)
    return String(decoding: out, as: UTF8.self)
  }

  private static func hasBlanks(_ text: String) -> Bool {
    var last: UInt8 = 0
    for byte in text.utf8 {
      if byte == 0x20, last == 0x20 { return true }
      last = byte
    }
    return false
  }
}

extension Sanitiser {
  /// The text as `Sink.cell`, in at most so many columns; what was cut is announced: `Acme…(+12)`.
  ///
  /// Reads no more of the text than fits, so that a list can draw a long one as fast as a short one.
  public static func cell(_ text: Untrusted, columns: Int, in charset: Charset) -> String {
    guard columns > 0 else { return "" }
    let columns = min(columns, Rules.cell)
    // One byte more than fits: were it a mark, the last letter that fits would not be whole.
    if isPlain(text.bytes.prefix(columns + 1), in: charset) {
      return plainCell(text.bytes, columns: columns, in: charset)
    }
    var renderer = Renderer(text, Rules(.cell), in: charset, recordsTokens: true)
    while renderer.columns <= columns, renderer.step() {}
    return Units(renderer).cut(to: columns, announcing: charset, more: renderer.unread)
  }

  /// Of bytes that are printable as far as they are shown.
  private static func plainCell(_ bytes: [UInt8], columns: Int, in charset: Charset) -> String {
    guard bytes.count > columns else { return String(decoding: bytes, as: UTF8.self) }
    let unread = UTF8Scanner.scalars(in: bytes, from: columns)
    // The longer the sign, the more it leaves out; it has at most one digit more than at first.
    for room in (0...columns).reversed() {
      let sign = Escape.cut(unread + columns - room, in: charset)
      guard room + sign.unicodeScalars.count <= columns else { continue }
      return String(decoding: bytes.prefix(room), as: UTF8.self) + sign
    }
    return String(decoding: bytes.prefix(columns), as: UTF8.self)
  }
}

/// Why a text cannot be turned back into the bytes it was rendered from. Both say at which byte.
public enum UnescapeError: Error, Hashable, Sendable {
  /// Something opens like an escape and is none.
  case notAnEscape(at: Int)
  /// A list cell or a cut: what it left out is not in it.
  case abbreviated(at: Int)
}

extension Sanitiser {
  /// The bytes that `render(_:for: .full, in: charset)` was given, with or without `countingBlanks`. What is no escape stands for
  /// itself, so a whole file of rendered lines may be given.
  public static func unescape(
    _ text: Untrusted, in charset: Charset
  ) throws(UnescapeError) -> Untrusted {
    let bytes = text.bytes
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      guard opensSign(bytes, at: index, in: charset) else {
        out.append(bytes[index])
        index += 1
        continue
      }
      guard let sign = Sign(bytes, at: index) else {
        throw bytes[index...].starts(with: Escape.lineFeed)
          ? .abbreviated(at: index) : .notAnEscape(at: index)
      }
      switch sign.meaning {
      case .scalar(let value): UTF8Encoding.append(value, to: &out)
      case .byte(let byte): out.append(byte)
      case .blanks(let count):
        guard count <= blanksTaken else { throw .notAnEscape(at: index) }
        out.append(contentsOf: repeatElement(0x20, count: count))
      case .marks, .cut: throw .abbreviated(at: index)
      }
      index += sign.length
    }
    return Untrusted(bytes: out)
  }

  /// More than any text of the service has.
  private static let blanksTaken = 1 << 20

  private static func opensSign(_ bytes: [UInt8], at index: Int, in charset: Charset) -> Bool {
    if charset == .ascii { return bytes[index] == 0x3C }
    guard bytes[index] == 0xE2 else { return false }
    let rest = bytes[index...]
    return rest.starts(with: Escape.open) || rest.starts(with: Escape.lineFeed)
      || rest.starts(with: Sign.cutOpening)
  }
}
