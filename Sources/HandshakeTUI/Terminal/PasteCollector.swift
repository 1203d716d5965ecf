/// Collects the text of a bracketed paste up to its end bracket.
struct PasteCollector: Sendable {
  /// More bytes of one paste than this are dropped: no field takes them.
  static let limit = 65_536
  private static let end = Array("\u{1B}[201~".utf8)

  private(set) var text: [UInt8] = []
  /// How many bytes of the end bracket the last bytes are.
  private var matched = 0

  /// Takes one byte; returns true when it completes the end bracket.
  mutating func take(_ byte: UInt8) -> Bool {
    if byte == Self.end[matched] {
      matched += 1
      return matched == Self.end.count
    }
    add(Self.end.prefix(matched))
    matched = byte == Self.end[0] ? 1 : 0
    if matched == 0 { add([byte]) }
    return false
  }

  /// Forgets the text; where the end bracket stands is not forgotten.
  mutating func drop() { text = [] }

  private mutating func add(_ bytes: some Collection<UInt8>) {
    text += bytes.prefix(max(0, Self.limit - text.count))
  }
}

/// Tells the 8-bit string terminator from the same byte inside a character.
struct Continuations: Equatable, Sendable {
  private var left = 0
  private var lead: UInt8 = 0

  /// Takes one byte of a string; returns true when it is ST, as 9C hex or as U+009C.
  mutating func isTerminator(_ byte: UInt8) -> Bool {
    switch byte {
    case 0xC2...0xF4:
      lead = byte
      left = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1
      return false
    case 0x80..<0xC0 where left > 0:
      left -= 1
      return byte == 0x9C && lead == 0xC2
    default:
      left = 0
      return byte == 0x9C
    }
  }
}
