/// The functions that make untrusted text printable.
///
/// The result has only scalars that take the columns that `DisplayWidth` gives, in the order in
/// which they were sent; everything else is replaced by an escape.
///
///     Sanitiser.render(Untrusted("a\u{202E}b\n"), for: .cell, in: .utf8)   // a‹U+202E›b⏎
///     Sanitiser.render(Untrusted("a\u{202E}b\n"), for: .full, in: .ascii)  // a<U+202E>b<U+000A>
///
/// It is one pass over the scalars, never over Characters, of which CR LF is one and a flood of
/// marks another (SEC-1.2).
public enum Sanitiser {
  /// Returns the text in printable form, by the rules of `sink`.
  public static func render(_ text: Untrusted, for sink: Sink, in charset: Charset) -> String {
    rendered(text, for: sink, in: charset).text
  }

  /// Returns the text in printable form, with the numbers of characters made visible and left out.
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

  /// Returns the number of invisible characters in the first 64 KiB of the text.
  ///
  /// Those are controls other than line feed and tab, format characters, selectors, odd spaces, and
  /// bytes that are not text.
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

  /// Returns whether the text is its own rendering in every one-line sink.
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

  /// Quotes a CSV field (RFC 4180), with an apostrophe before what a spreadsheet takes for a
  /// formula.
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

/// The characters that the reader's terminal or file can hold, which decide the form of escapes.
public enum Charset: Hashable, Sendable {
  /// UTF-8, with escapes such as `‹U+202E›`.
  case utf8
  /// ASCII, with escapes such as `<U+202E>`, also for everything above 7E.
  case ascii
}

/// A destination of printable text (SEC-2).
///
/// Each has its own rules. All of them escape what hides, moves or disguises, and none lets a
/// control, bidirectional control or format character through.
public enum Sink: Hashable, Sendable {
  /// One line of a list or table, which abbreviates (`⏎`, `‹+n marks›`) and no program reads.
  case cell
  /// One line for what the operator decides by (ids, names, e-mail addresses); only its length is
  /// cut.
  case dialog
  /// The detail pane: line breaks and tabs are laid out, right-to-left text is on lines of its own.
  /// `Sanitiser.layout` breaks it into lines of a width.
  case detail
  /// One line of any length from which `Sanitiser.unescape` restores the exact bytes.
  case full
  /// A log record, short, and in ASCII whatever the charset.
  case log
  /// The full form without the line breaks at the end, which a shell would take for Enter.
  case clipboard
  /// One field of a CSV record, quoted where needed, and never a formula.
  case csv
}

/// The rules in which sinks differ.
struct Rules {
  /// The treatment of a line feed.
  enum LineFeed {
    case sign
    case escape
    case layout
  }

  var lineFeed = LineFeed.escape
  /// Whether tabs and odd spaces are shown as spaces.
  var laysOut = false
  var showsRightToLeft = false
  /// Whether marks are abbreviated.
  ///
  /// Marks past the fourth are then counted rather than escaped one by one, and a mark without a
  /// base gets a dotted circle.
  var abbreviatesMarks = false
  /// The number of bytes of input that are shown; the rest is counted.
  var limit: Int?

  static let marksOnBase = 4
  static let shown = 64 * 1024
  /// The limit of a cell in bytes, more than the widest screen has columns.
  ///
  /// There is a limit because lists render their cells anew for each frame.
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

/// Printable text, with the numbers of characters made visible and left out.
public struct Rendered: Hashable, Sendable {
  /// The printable text.
  public var text: String
  /// The number of invisible characters that are escapes now: "2 hidden characters made visible".
  ///
  /// Line breaks, tabs and escaped visible characters do not count.
  public var hidden: Int
  /// The number of scalars left out because the text is too long; the end of `text` says so.
  public var omitted: Int

  init(text: String, hidden: Int = 0, omitted: Int = 0) {
    self.text = text
    self.hidden = hidden
    self.omitted = omitted
  }
}

extension Sanitiser {
  /// Replaces each run of two or more spaces in rendered text by a sign with their number.
  ///
  /// The sign, `‹12 spaces›` or in ASCII `<12 spaces>`, cannot be forged by text. Spaces make a
  /// terminal's rows and columns, so text of others must not have any number of them (SEC-1.11).
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
  /// Returns the text as `Sink.cell` in at most `columns`, with the number cut off: `Acme…(+12)`.
  ///
  /// Only as much of the text is rendered as fits, so that a list draws a long one as fast as a
  /// short one.
  public static func cell(_ text: Untrusted, columns: Int, in charset: Charset) -> String {
    guard columns > 0 else { return "" }
    let columns = min(columns, Rules.cell)
    // One byte more than fits is tested: if it were a mark, the last letter that fits would not be
    // whole.
    if isPlain(text.bytes.prefix(columns + 1), in: charset) {
      return plainCell(text.bytes, columns: columns, in: charset)
    }
    var renderer = Renderer(text, Rules(.cell), in: charset, recordsTokens: true)
    while renderer.columns <= columns, renderer.step() {}
    return Units(renderer).cut(to: columns, announcing: charset, more: renderer.unread)
  }

  /// Returns a cell of bytes that are printable as far as they are shown.
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

/// A reason why a text cannot be turned back into the bytes it was rendered from.
///
/// Both cases have the offset of the byte.
public enum UnescapeError: Error, Hashable, Sendable {
  /// An invalid escape sequence.
  case notAnEscape(at: Int)
  /// The sign of a list cell or a cut, which does not contain what it left out.
  case abbreviated(at: Int)
}

extension Sanitiser {
  /// Returns the bytes from which `render(_:for:in:)` made this text for `.full`.
  ///
  /// Spaces may have been counted by `countingBlanks`. Text outside escapes is kept, so that a
  /// whole file of rendered lines can be given.
  ///
  /// - Throws: `UnescapeError.notAnEscape` for an escape that is opened and not valid, or has more
  ///   than 2²⁰ spaces, and `.abbreviated` for `⏎` and for a count of marks or cut characters.
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

  /// The most spaces in one sign, more than any text of the service has.
  private static let blanksTaken = 1 << 20

  private static func opensSign(_ bytes: [UInt8], at index: Int, in charset: Charset) -> Bool {
    if charset == .ascii { return bytes[index] == 0x3C }
    guard bytes[index] == 0xE2 else { return false }
    let rest = bytes[index...]
    return rest.starts(with: Escape.open) || rest.starts(with: Escape.lineFeed)
      || rest.starts(with: Sign.cutOpening)
  }
}
