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
