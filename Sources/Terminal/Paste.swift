import Drawing
import Model
import Text

/// Something that arrived on the terminal's input.
public enum TerminalInput: Equatable, Sendable {
  case key(Key)
  /// Bytes that are not a key, or not one yet: an ESC that may begin a sequence, part of a
  /// character, any part of a control sequence that is not a key.
  case stray
  /// A bracketed paste has begun; `pasted` or `pasteAbandoned` follows.
  case pasteBegan
  /// The text of a bracketed paste, at most `PasteCollector.limit` bytes, or text that
  /// `PasteDetector` regards as pasted.
  case pasted(Untrusted)
  /// The end of a bracketed paste did not come; its text is dropped.
  case pasteAbandoned
}

/// A collector of the text of a bracketed paste, up to its end bracket.
struct PasteCollector: Sendable {
  /// The most bytes that are kept of one paste; no field holds more.
  static let limit = 65_536
  private static let end = Array("\u{1B}[201~".utf8)

  private(set) var text: [UInt8] = []
  /// The number of the last bytes that match the start of the end bracket.
  private var matched = 0

  /// Appends one byte; returns true when it completes the end bracket.
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

  /// Drops the text, and keeps the progress in the end bracket.
  mutating func drop() { text = [] }

  private mutating func add(_ bytes: some Collection<UInt8>) {
    text += bytes.prefix(max(0, Self.limit - text.count))
  }
}

/// A tracker of UTF-8 characters, which distinguishes the 8-bit string terminator from their bytes.
struct Continuations: Equatable, Sendable {
  private var left = 0
  private var lead: UInt8 = 0

  /// Reads one byte of a string; returns true when it is ST, as 9C hex or as U+009C.
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

/// A detector of pastes on terminals without bracketed paste, or whose text ended the brackets.
///
/// Nobody presses so many keys between two reads (UX-7.4).
public struct PasteDetector: Sendable {
  /// The most text keys in one read that are not a paste; a stalled link gathers as many in a
  /// second.
  public static let limit = 16
  /// The most repetitions of one key that count as a key held while the link stalled.
  static let held = 256
  /// The longest pause before text that continues a paste; a held key repeats more slowly.
  static let lull = Span(milliseconds: 30)

  private var last: Span?

  /// Returns the inputs of one read, with the keys of a paste joined to one text.
  mutating func sift(
    _ inputs: [TerminalInput], limit: Int = PasteDetector.limit, at now: Span
  ) -> [TerminalInput] {
    let count = inputs.count { $0.text != nil }
    let goesOn = count > 0 && last.map { now - $0 <= Self.lull } ?? false
    guard count > limit || goesOn else { return inputs }
    let isHeld = inputs.count <= Self.held && inputs.allSatisfy { $0 == inputs[0] }
    guard goesOn || !isHeld else { return inputs }
    last = now
    var sifted: [TerminalInput] = []
    var text: [UInt8] = []
    for input in inputs {
      if case .key = input {
        text += input.text ?? []
        continue
      }
      if !text.isEmpty { sifted.append(.pasted(Untrusted(bytes: text))) }
      text = []
      sifted.append(input)
    }
    if !text.isEmpty { sifted.append(.pasted(Untrusted(bytes: text))) }
    return sifted
  }

  mutating func reset() { last = nil }
}

extension TerminalInput {
  /// The bytes that a key stands for in a text; nil for a key that gives no text.
  fileprivate var text: [UInt8]? {
    switch self {
    case .key(.character(let scalar)): Array(String(scalar).utf8)
    case .key(.enter), .key(.control("j")): [0x0A]
    case .key(.tab): [0x09]
    default: nil
    }
  }
}
