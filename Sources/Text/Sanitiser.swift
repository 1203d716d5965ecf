/// What the reader's terminal or file can hold: decides the form of the escapes.
public enum Charset: Hashable, Sendable {
  /// `‹U+202E›`
  case utf8
  /// `<U+202E>`, and everything above 7E escaped.
  case ascii
}

/// Where printable text goes. Each sink has its own rules.
public enum Sink: Hashable, Sendable {
  /// One line of a list, a table, a dialog: abbreviates (`⏎`, `+n marks`) and is nobody's input.
  case cell
  /// One line that `handshake unescape` turns back into the very bytes.
  case full
}

/// Makes untrusted text printable.
public enum Sanitiser {
  public static func render(_ text: Untrusted, for sink: Sink, in charset: Charset) -> String {
    var out = ""
    for scalar in String(decoding: text.bytes, as: UTF8.self).unicodeScalars {
      if (0x20...0x7E).contains(scalar.value) {
        out.unicodeScalars.append(scalar)
      } else {
        out += "?"
      }
    }
    return out
  }
}
