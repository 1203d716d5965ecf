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
