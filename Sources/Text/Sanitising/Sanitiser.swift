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
