import Text

/// The kind of a text that is not JSON from the start on, as far as its beginning tells.
public enum TextKind: String, Hashable, CaseIterable, Sendable {
  case empty
  /// gzip, zip, bzip2, xz or Zstandard.
  case compressed
  case utf32
  /// Control sequences of a terminal: colours, or what a pager sends.
  case terminalOutput
  case markup
  case markdown
  case yaml
  case python
  /// `--output text` or `table`.
  case columns
  /// The table that `handshake list` prints.
  case ourList
  /// What `handshake show` prints on a terminal.
  case ourShow
  /// Other words before the JSON.
  case precededByText
  case other

  /// Tells the kind of a document.
  public init(of document: [UInt8]) {
    if let binary = Self.binaries.first(where: { document.starts(with: $0.start) }) {
      self = binary.kind
      return
    }
    let bytes = DocumentText(document).utf8.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
    if bytes.isEmpty {
      self = .empty
    } else if bytes.contains(0x1B) {
      self = .terminalOutput
    } else if let text = Self.texts.first(where: { bytes.starts(with: $0.start.utf8) }) {
      self = text.kind
    } else {
      let isJSON = [Byte.openObject, Byte.openArray].contains(bytes[bytes.startIndex])
      self = !isJSON && bytes.contains("\"Id\"".utf8) ? .precededByText : .other
    }
  }

  private static let binaries: [(start: [UInt8], kind: TextKind)] = [
    ([0x1F, 0x8B], .compressed), ([0x50, 0x4B, 0x03, 0x04], .compressed),
    ([0x42, 0x5A, 0x68], .compressed), ([0xFD, 0x37, 0x7A, 0x58, 0x5A], .compressed),
    ([0x28, 0xB5, 0x2F, 0xFD], .compressed), ([0xFF, 0xFE, 0, 0], .utf32),
    ([0, 0, 0xFE, 0xFF], .utf32), ([0, 0, 0], .utf32),
  ]
  private static let texts: [(start: String, kind: TextKind)] = [
    ("<", .markup), ("```", .markdown), ("---\n", .yaml), ("%YAML", .yaml),
    ("Handshakes:", .yaml), ("Handshake:\n", .yaml), ("- Id:", .yaml), ("- Action:", .yaml),
    ("- Arn:", .yaml), ("{'", .python), ("[{'", .python), ("HANDSHAKE", .columns),
    ("h-", .columns), ("+-", .columns), ("---", .columns), ("|", .columns), ("ID\t", .ourList),
    ("ID ", .ourList), ("Handshake ", .ourShow),
  ]
}
