import HandshakeUI
import Text

/// Something that arrived on the terminal's input.
enum TerminalInput: Equatable, Sendable {
  case key(Key)
  /// Bytes were read that are no key, or not one yet: an ESC whose meaning is open, part of a
  /// character, any part of a control sequence that is not a key.
  case stray
  /// A bracketed paste has begun; `pasted` or `pasteAbandoned` follows.
  case pasteBegan
  /// The text of a bracketed paste, at most `PasteCollector.limit` bytes, or what `PasteGuess` takes for
  /// pasted.
  case pasted(Untrusted)
  /// The end of a bracketed paste did not come; its text is dropped.
  case pasteAbandoned
}
