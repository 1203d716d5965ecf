import HandshakeUI
import Model
import Text

/// What the operator did at the keyboard.
enum TerminalInput: Equatable, Sendable {
  case key(Key)
  /// What stood between the brackets of a bracketed paste, at most `InputDecoder.pasteLimit` bytes; an
  /// unknown key has come before it, when it began. Or what `PasteGuess` takes for pasted.
  case pasted(Untrusted)
}

/// Makes keys of the bytes that a terminal sends. A value: time comes in as an argument.
///
/// ncurses' own reader is not used: it waits inside the call for the rest of a sequence, asks the
/// kernel byte by byte, and swallows the following keys after half a character.
struct InputDecoder: Sendable {
  /// More of one paste than this is dropped: no field takes it.
  static let pasteLimit = 65_536
  /// A paste whose end does not come is over when nothing has come for so long.
  static let pastePatience = Span.seconds(2)
  /// Longer sequences are no key.
  private static let sequenceLimit = 4_096

  private let sequences: KeySequences
  private let escapeDelay: Span
  /// What may be the beginning of something longer.
  private var pending: [UInt8] = []
  private var pendingSince: Span = .zero
  private var paste: [UInt8]?
  private var lastFed: Span = .zero
  /// An ESC was given out as the Escape key because its tail, if any, was late.
  private var gaveEscape = false

  init(sequences: KeySequences, escapeDelay: Span) {
    self.sequences = sequences
    self.escapeDelay = escapeDelay
  }

  /// When `settle` should be called if nothing more comes; nil when nothing is open.
  var deadline: Span? {
    if paste != nil { return lastFed + Self.pastePatience }
    return pending.isEmpty ? nil : pendingSince + escapeDelay
  }

  /// Forgets what was begun, as after a flush of the terminal's input.
  mutating func reset() {
    pending = []
    paste = nil
    gaveEscape = false
  }

  mutating func feed(_ bytes: some Sequence<UInt8>, at now: Span) -> [TerminalInput] {
    lastFed = now
    var rest = pending + bytes
    let isTail = gaveEscape && pending.isEmpty && Self.looksLikeTail(rest)
    gaveEscape = false
    if isTail { rest.insert(0x1B, at: 0) }
    pending = []
    var inputs: [TerminalInput] = []
    var at = 0
    while at < rest.count {
      guard let length = take(rest[at...], into: &inputs) else {
        pending = Array(rest[at...])
        pendingSince = now
        break
      }
      at += length
    }
    // The Escape was given already; its late tail must not press keys of its own.
    if isTail, !inputs.isEmpty { inputs[0] = .key(.unknown) }
    return inputs
  }

  /// What is still open has had its time.
  mutating func settle(at now: Span) -> [TerminalInput] {
    guard let deadline, now >= deadline else { return [] }
    if let text = paste {
      reset()
      return [.pasted(Untrusted(bytes: text))]
    }
    let isEscape = pending == [0x1B]
    pending = []
    gaveEscape = isEscape
    return [.key(isEscape ? .escape : .unknown)]
  }

  /// `[A` or `Oy` in one read, right after a lone ESC.
  private static func looksLikeTail(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 2, let first = bytes.first else { return false }
    return first == UInt8(ascii: "[") || first == UInt8(ascii: "O")
  }

  /// Takes one input from the front: how many bytes it was, or nil when more must come first.
  private mutating func take(
    _ rest: ArraySlice<UInt8>, into inputs: inout [TerminalInput]
  ) -> Int? {
    guard let first = rest.first else { return nil }
    if paste != nil { return takePaste(rest, into: &inputs) }
    if first == 0x1B { return takeEscape(rest, into: &inputs) }
    if first < 0x80 {
      inputs.append(.key(Key(byte: first)))
      return 1
    }
    return takeCharacter(rest, into: &inputs)
  }

  private func takeCharacter(
    _ rest: ArraySlice<UInt8>, into inputs: inout [TerminalInput]
  ) -> Int? {
    var iterator = rest.makeIterator()
    var decoder = UTF8()
    if case .scalarValue(let scalar) = decoder.decode(&iterator) {
      inputs.append(.key(scalar.value < 0xA0 ? .unknown : .character(scalar)))
      return UTF8.width(scalar)
    }
    if UTF8.isUnfinished(rest) { return nil }
    inputs.append(.key(.unknown))
    return 1
  }

  private mutating func takeEscape(
    _ rest: ArraySlice<UInt8>, into inputs: inout [TerminalInput]
  ) -> Int? {
    if rest.starts(with: KeySequences.pasteBegin) {
      paste = []
      // Told at once, and as a key: whatever any key stops must not go on until the paste's end.
      inputs.append(.key(.unknown))
      return KeySequences.pasteBegin.count
    }
    if let (key, length) = sequences.match(rest) {
      inputs.append(.key(key))
      return length
    }
    guard let second = rest.dropFirst().first else { return nil }
    switch ControlSequence.parse(rest, introducer: second) {
    case .complete(let length, let key):
      inputs.append(.key(key))
      return length
    case .unfinished where rest.count > Self.sequenceLimit:
      inputs.append(.key(.unknown))
      return rest.count
    case .unfinished:
      return nil
    case .none:
      // Escape, and then something else within the same read: a lagging link, or an Alt chord.
      inputs.append(.key(.escape))
      return 1
    }
  }

  private mutating func takePaste(
    _ rest: ArraySlice<UInt8>, into inputs: inout [TerminalInput]
  ) -> Int? {
    let end = KeySequences.pasteEnd
    if rest.starts(with: end) {
      inputs.append(.pasted(Untrusted(bytes: paste ?? [])))
      paste = nil
      return end.count
    }
    if rest.count < end.count, end.starts(with: rest) { return nil }
    // The first byte is text even when it is an ESC; then everything up to the next ESC.
    let text = rest.prefix(1) + rest.dropFirst().prefix { $0 != 0x1B }
    let room = Self.pasteLimit - (paste?.count ?? 0)
    paste?.append(contentsOf: text.prefix(max(0, room)))
    return text.count
  }
}

extension UTF8 {
  /// Whether more bytes could make a character of these.
  fileprivate static func isUnfinished(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let lead = bytes.first else { return false }
    let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
    guard (0xC2...0xF4).contains(lead), bytes.count < length else { return false }
    return bytes.dropFirst().allSatisfy { (0x80...0xBF).contains($0) }
  }
}
