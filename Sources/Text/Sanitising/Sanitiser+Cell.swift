extension Sanitiser {
  /// The text as `Sink.cell`, in at most so many columns; what was cut is announced: `Acme…(+12)`.
  ///
  /// Reads no more of the text than fits, so that a list can draw a long one as fast as a short one.
  public static func cell(_ text: Untrusted, columns: Int, in charset: Charset) -> String {
    guard columns > 0 else { return "" }
    if text.bytes.count <= columns, isPlain(text.bytes, in: charset) {
      return String(decoding: text.bytes, as: UTF8.self)
    }
    var renderer = Renderer(text, Rules(.cell), in: charset, recordsTokens: true)
    while renderer.columns <= columns, renderer.step() {}
    return Units(renderer).cut(to: columns, announcing: charset, more: renderer.unread)
  }
}
