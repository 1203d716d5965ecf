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
