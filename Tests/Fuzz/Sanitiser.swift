@testable import Text

/// The sanitiser: for every input, the output is printable, has the stated width, is never wider
/// than allowed, and the full form can be reversed to the original bytes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSanitiser(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = bytes(start, count)
  guard let first = input.first else { return 0 }
  let text = Untrusted(bytes: Array(input.dropFirst()))
  let charset = first & 1 == 0 ? Charset.utf8 : .ascii
  let columns = Int(first >> 1)
  for sink in [Sink.cell, .dialog, .detail, .full, .log, .clipboard, .csv] {
    checkPrintable(Sanitiser.render(text, for: sink, in: charset), sink, charset)
  }
  checkUndone(text, charset)
  checkCells(text, columns: columns, charset)
  checkLayout(text, columns: columns, charset)
  checkWidths(of: text, columns: columns, charset)
  return 0
}

/// No character that hides, moves or disguises text, by the standard library's own tables.
private func checkPrintable(_ shown: String, _ sink: Sink, _ charset: Charset) {
  for scalar in shown.unicodeScalars where scalar != " " {
    if scalar == "\n", sink == .detail { continue }
    var hexadecimal: String { String(scalar.value, radix: 16) }
    promise(charset == .utf8 || scalar.isASCII, "U+\(hexadecimal) is not ASCII")
    promise(sink != .log || scalar.isASCII, "U+\(hexadecimal) is not ASCII")
    promise(isSeen(scalar), "U+\(hexadecimal) stands raw in \(sink)")
    promise(DisplayWidth.isDrawn(scalar), "U+\(hexadecimal) is never drawn")
  }
}

private func isSeen(_ scalar: Unicode.Scalar) -> Bool {
  if scalar.isASCII { return (0x21..<0x7F).contains(scalar.value) }
  switch scalar.properties.generalCategory {
  case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
    .paragraphSeparator, .spaceSeparator:
    return false
  default:
    return !scalar.properties.isDefaultIgnorableCodePoint
      && !scalar.properties.isVariationSelector && !scalar.properties.isBidiControl
  }
}

private func checkUndone(_ text: Untrusted, _ charset: Charset) {
  let full = Sanitiser.render(text, for: .full, in: charset)
  let back = try? Sanitiser.unescape(Untrusted(full), in: charset)
  promise(back == text, "the full form is not undone")
  // No input produces a cell directly: a cell is reversed to the exact text, or refused.
  let cell = Untrusted(Sanitiser.render(text, for: .cell, in: charset))
  if let back = try? Sanitiser.unescape(cell, in: charset), !text.bytes.containsOrphanMark {
    promise(back == text, "an abbreviated text passes for a full one")
  }
}

extension [UInt8] {
  /// Whether a mark may have got a dotted circle as its base, which is not an escape of ours.
  fileprivate var containsOrphanMark: Bool {
    String(decoding: self, as: UTF8.self).unicodeScalars.contains {
      [ScalarClass.mark, .spacingMark, .jamo].contains(ScalarTable.classOf($0.value))
    }
  }
}

private func checkCells(_ text: Untrusted, columns: Int, _ charset: Charset) {
  let whole = Sanitiser.render(text, for: .cell, in: charset)
  let cell = Sanitiser.cell(text, columns: columns, in: charset)
  checkPrintable(cell, .cell, charset)
  promise(DisplayWidth.of(cell) <= columns, "\(DisplayWidth.of(cell)) columns for \(columns)")
  checkSigns(cell)
  if DisplayWidth.of(whole) <= columns {
    promise(cell == whole, "a text that fits is cut")
  } else {
    promise(cell != whole, "a cut is not told")
  }
}

/// No escape is split: every opening bracket has its closing one.
private func checkSigns(_ shown: String) {
  var isOpen = false
  for scalar in shown.unicodeScalars {
    if scalar == "\u{2039}" {
      promise(!isOpen, "an escape is split")
      isOpen = true
    } else if scalar == "\u{203A}" {
      promise(isOpen, "an escape is split")
      isOpen = false
    }
  }
  promise(!isOpen, "an escape is split")
}

private func checkLayout(_ text: Untrusted, columns: Int, _ charset: Charset) {
  let layout = Sanitiser.layout(text, columns: columns, in: charset)
  for line in layout.lines {
    let width = DisplayWidth.of(line.text)
    promise(width <= max(columns, 16), "a line of \(width) columns for \(columns)")
    checkPrintable(line.text, .dialog, charset)
    checkSigns(line.text)
  }
  // At every width the text is the same in the same order; only tabs differ.
  let widest = Sanitiser.layout(text, columns: .max, in: charset)
  promise(layout.hidden == widest.hidden, "what is hidden depends on the width")
  promise(letters(of: layout) == letters(of: widest), "a wrap drops or adds something")
}

private func letters(of layout: Layout) -> [Unicode.Scalar] {
  layout.lines.flatMap { line in line.text.unicodeScalars.filter { $0 != " " } }
}

private func checkWidths(of text: Untrusted, columns: Int, _ charset: Charset) {
  let shown = Sanitiser.render(text, for: .full, in: charset)
  let glyphs = DisplayWidth.glyphs(shown)
  promise(
    glyphs.reduce(0) { $0 + $1.columns } == DisplayWidth.of(shown), "cells and width disagree")
  promise(glyphs.map(\.text).joined() == shown, "the glyphs are not the text")
  for glyph in glyphs {
    promise(glyph.text.utf8.count <= 32, "\(glyph.text.utf8.count) bytes in one cell")
  }
  for announced in [charset, nil] {
    let cut = DisplayWidth.cut(shown, to: columns, announcing: announced)
    promise(DisplayWidth.of(cut) <= columns, "a cut is over its width")
    checkSigns(cut)
    if DisplayWidth.of(shown) <= columns { promise(cut == shown, "a text that fits is cut") }
    let fitted = DisplayWidth.fit(shown, to: columns, announcing: announced)
    promise(DisplayWidth.of(fitted) == columns, "\(DisplayWidth.of(fitted)) is not \(columns)")
  }
  let pieces = DisplayWidth.pieces(shown, first: columns / 2, rest: max(columns, 12))
  promise(pieces.joined() == shown, "a piece was dropped")
  for piece in pieces.dropFirst() {
    promise(DisplayWidth.of(piece) <= max(columns, 12), "a piece is over its width")
    checkSigns(piece)
  }
}
