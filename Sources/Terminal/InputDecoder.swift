import Drawing
import Model
import Text

/// A decoder of the bytes that a terminal sends, into keys; a value whose time is passed in.
///
/// A control sequence that has begun is read to its end, however late that is: neither its bytes
/// nor its tail become keys, and a sequence that paused for `tornAfter` gives no key. Only a lone
/// ESC is decided by time; if the byte after it could belong to a torn sequence, it is read as one
/// however late it comes. Sources: ECMA-48 5.4 and 5.6, xterm's ctlseqs, the kitty keyboard
/// protocol.
public struct InputDecoder: Sendable {
  /// The silence after which a paste without an end is abandoned.
  static let pastePatience = Span.seconds(2)
  /// The silence after which input following an abandoned paste no longer belongs to it.
  static let pasteSilence = Span.seconds(1)
  /// The most bytes of a sequence that are kept; a longer one is read to its end and gives no key.
  private static let keptLength = 64
  /// The pause that marks a sequence as torn; even a slow link rarely divides a key's bytes.
  private let tornAfter = Span(milliseconds: 250)

  private enum Mode: Equatable {
    case ground
    /// After an ESC.
    case escape
    /// After CSI: parameters, intermediates, then one final byte.
    case control
    /// After SS3: one final byte, behind parameters in old terminals.
    case single
    /// In an OSC, DCS, APC, PM or SOS; `introducer` is its 7-bit form.
    case string(introducer: UInt8)
    /// After an ESC inside a string.
    case stringEscape(introducer: UInt8)
    /// After a control sequence's final byte: mouse coordinates, or the letter of a Linux console's
    /// function key. `lead`: the last byte may begin a character of two bytes.
    case trailing(left: Int, lead: Bool)
    /// In a key that terminfo lists and ECMA-48 does not describe.
    case listed
    /// In a character of several bytes.
    case character
    case paste
    case abandonedPaste
  }

  private let sequences: KeySequences
  private let escapeDelay: Span
  private var mode = Mode.ground
  /// The bytes of the open sequence, from its first, up to `keptLength`.
  private var kept: [UInt8] = []
  private var isOverlong = false
  /// Whether the open sequence began before a flush, or its ESC was already returned as a key.
  private var isDisowned = false
  /// Whether the last input returned was a lone ESC.
  private var gaveEscape = false
  /// The sequence that another one interrupted; its tail follows when the other one was a report.
  private var interrupted: Mode?
  private var paste = PasteCollector()
  /// The UTF-8 bytes still expected inside a string, where 9C hex also ends the string.
  private var continuations = Continuations()
  /// The time at which the ESC of `escape` or `stringEscape` was read.
  private var escapeRead = Span.zero
  private var lastFed = Span.zero
  private var now = Span.zero

  init(sequences: KeySequences, escapeDelay: Span) {
    self.sequences = sequences
    self.escapeDelay = escapeDelay
  }

  /// Whether the last byte was an ESC that is the Escape key if nothing follows.
  public var mayBeEscape: Bool { mode == .escape && !isDisowned }

  /// Whether bytes were read that are not decoded yet.
  var isOpen: Bool { mode != .ground }

  /// The time to call `settle` if nothing more is read; nil when nothing depends on time.
  public var deadline: Span? {
    switch mode {
    case .escape: escapeRead + escapeDelay
    case .paste: lastFed + Self.pastePatience
    case .abandonedPaste: lastFed + Self.pasteSilence
    default: nil
    }
  }

  /// Decodes the bytes of one read; the result ends with `stray` when a sequence is left open.
  mutating func feed(_ bytes: some Sequence<UInt8>, at now: Span) -> [TerminalInput] {
    self.now = now
    var inputs: [TerminalInput] = []
    let bytes = Array(bytes)
    // A ^C alone is typed, even if the end of a paste was lost. The paste goes on.
    if mode == .paste || mode == .abandonedPaste, bytes == [0x03] {
      return [.key(.control("c"))]
    }
    if isOpen, mode != .escape, mode != .paste, now - lastFed >= tornAfter { isDisowned = true }
    lastFed = now
    for byte in bytes { take(byte, into: &inputs) }
    if isOpen, mode != .paste, inputs.last != .stray { inputs.append(.stray) }
    return inputs
  }

  /// Decodes what is decided by `now`: a lone ESC, an unfinished paste, the silence after one.
  public mutating func settle(at now: Span) -> [TerminalInput] {
    guard let deadline, now >= deadline else { return [] }
    switch mode {
    case .escape:
      let input: TerminalInput = isDisowned ? .stray : .key(.escape)
      close()
      interrupted = nil
      gaveEscape = true
      return [input]
    case .paste:
      mode = .abandonedPaste
      // The silence that ends the abandoned paste is measured from here.
      lastFed = now
      paste.drop()
      return [.pasteAbandoned]
    default:
      close()
      return []
    }
  }

  /// Decodes bytes that are dropped: neither they nor the tail of what they leave open become keys.
  mutating func discard(_ bytes: some Sequence<UInt8>, at now: Span) {
    _ = feed(bytes, at: now)
    isDisowned = isOpen
  }

  private mutating func close() {
    mode = .ground
    kept = []
    isOverlong = false
    isDisowned = false
  }

  /// Ends the open sequence with a key, or without one.
  private mutating func end(_ key: Key?, into inputs: inout [TerminalInput]) {
    let input = key.map { TerminalInput.key($0) } ?? .stray
    inputs.append(isDisowned ? .stray : input)
    close()
    guard let outer = interrupted else { return }
    interrupted = nil
    guard key == nil else { return }
    mode = outer
    kept = [0x1B]
    isOverlong = true
    isDisowned = true
  }
}

// MARK: - Byte by byte

extension InputDecoder {
  private mutating func take(_ byte: UInt8, into inputs: inout [TerminalInput]) {
    switch mode {
    case .ground: begin(byte, into: &inputs)
    case .escape: takeAfterEscape(byte, into: &inputs)
    case .control: takeControl(byte, into: &inputs)
    case .single: takeSingle(byte, into: &inputs)
    case .string(let introducer): takeString(byte, introducer, into: &inputs)
    case .stringEscape(let introducer): takeAfterStringEscape(byte, introducer, into: &inputs)
    case .trailing(let left, let lead): takeTrailing(byte, left, lead, into: &inputs)
    case .listed: takeListed(byte, into: &inputs)
    case .character: takeCharacter(byte, into: &inputs)
    case .paste:
      guard paste.take(byte) else { return }
      inputs.append(isDisowned ? .stray : .pasted(Untrusted(bytes: paste.text)))
      paste.drop()
      close()
    case .abandonedPaste:
      if paste.take(byte) { end(nil, into: &inputs) }
    }
  }

  private mutating func begin(_ byte: UInt8, into inputs: inout [TerminalInput]) {
    let isTail = gaveEscape && ControlSequence.isIntroducer(byte)
    gaveEscape = false
    if isTail {
      isDisowned = true
      enter(byte)
      return
    }
    switch byte {
    case 0x1B: beginEscape()
    case ..<0x80: inputs.append(.key(Key(byte: byte)))
    case 0x80..<0xA0: beginC1(byte, into: &inputs)
    // Also lead bytes that UTF-8 does not use: what follows them is not a control either.
    case 0xC0...:
      mode = .character
      kept = [byte]
    default: inputs.append(.stray)
    }
  }

  private mutating func beginEscape() {
    close()
    mode = .escape
    kept = [0x1B]
    escapeRead = now
  }

  /// Handles an 8-bit control, which is `ESC` and the byte 40 hex below it.
  private mutating func beginC1(_ byte: UInt8, into inputs: inout [TerminalInput]) {
    let introducer = byte - 0x40
    if ControlSequence.isIntroducer(introducer) {
      enter(introducer)
    } else {
      end(nil, into: &inputs)
    }
  }

  /// Begins the sequence that `ESC` and this byte introduce.
  private mutating func enter(_ introducer: UInt8) {
    kept = [0x1B, introducer]
    switch introducer {
    case UInt8(ascii: "["): mode = .control
    case UInt8(ascii: "O"): mode = .single
    default:
      mode = .string(introducer: introducer)
      continuations = Continuations()
    }
  }

  private mutating func takeAfterEscape(_ byte: UInt8, into inputs: inout [TerminalInput]) {
    let both: [UInt8] = [0x1B, byte]
    if let key = sequences.key(both), !sequences.hasLonger(than: both) {
      end(key, into: &inputs)
    } else if ControlSequence.isIntroducer(byte) {
      isDisowned = isDisowned || now - escapeRead >= tornAfter
      enter(byte)
    } else if byte == UInt8(ascii: "\\") {
      // The end of a string whose beginning was lost.
      end(nil, into: &inputs)
    } else if sequences.hasLonger(than: both) {
      mode = .listed
      kept = both
    } else {
      // Escape, then another key before the delay was over: a slow link, or an Alt chord.
      interrupted = nil
      end(.escape, into: &inputs)
      begin(byte, into: &inputs)
    }
  }

  private mutating func takeListed(_ byte: UInt8, into inputs: inout [TerminalInput]) {
    guard !isBroken(by: byte, into: &inputs) else { return }
    keep(byte)
    if let key = sequences.key(kept), !sequences.hasLonger(than: kept) {
      end(key, into: &inputs)
    } else if !sequences.hasLonger(than: kept) {
      end(nil, into: &inputs)
    }
  }

  private mutating func takeCharacter(_ byte: UInt8, into inputs: inout [TerminalInput]) {
    guard (0x80..<0xC0).contains(byte) else {
      end(nil, into: &inputs)
      begin(byte, into: &inputs)
      return
    }
    kept.append(byte)
    let lead = kept.first ?? 0
    guard kept.count == (lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2) else { return }
    var iterator = kept.makeIterator()
    var decoder = UTF8()
    guard case .scalarValue(let scalar) = decoder.decode(&iterator) else {
      end(nil, into: &inputs)
      return
    }
    if let c1 = UInt8(exactly: scalar.value), c1 < 0xA0 {
      beginC1(c1, into: &inputs)
    } else {
      end(.character(scalar), into: &inputs)
    }
  }

  private mutating func keep(_ byte: UInt8) {
    if kept.count < Self.keptLength { kept.append(byte) } else { isOverlong = true }
  }

  /// Handles the bytes that interrupt any sequence.
  ///
  /// ESC begins another one, CAN and SUB end it, and ^C is always a key, so that no torn sequence
  /// can block the keyboard.
  private mutating func isBroken(by byte: UInt8, into inputs: inout [TerminalInput]) -> Bool {
    switch byte {
    case 0x1B:
      inputs.append(.stray)
      if mode == .control || mode == .single { interrupted = mode }
      beginEscape()
    case 0x18, 0x1A:
      interrupted = nil
      end(nil, into: &inputs)
    case 0x03:
      interrupted = nil
      end(nil, into: &inputs)
      inputs.append(.key(.control("c")))
    default: return false
    }
    return true
  }
}

// MARK: - Control sequences and strings

extension InputDecoder {
  private mutating func takeControl(_ byte: UInt8, into inputs: inout [TerminalInput]) {
    guard !isBroken(by: byte, into: &inputs) else { return }
    keep(byte)
    if let key = sequences.key(kept), !sequences.hasLonger(than: kept) {
      end(key, into: &inputs)
      return
    }
    // Controls and 8-bit bytes within a sequence do not end it.
    guard (0x40...0x7E).contains(byte) else { return }
    let body = kept.dropFirst(2)
    if isOverlong {
      end(nil, into: &inputs)
    } else if body.elementsEqual(ControlSequence.pasteBegin) {
      mode = .paste
      interrupted = nil
      kept = []
      paste = PasteCollector()
      inputs.append(isDisowned ? .stray : .pasteBegan)
    } else if let count = ControlSequence.trailingBytes(after: body) {
      mode = .trailing(left: count, lead: false)
    } else {
      end(ControlSequence.key(of: body), into: &inputs)
    }
  }

  private mutating func takeSingle(_ byte: UInt8, into inputs: inout [TerminalInput]) {
    guard !isBroken(by: byte, into: &inputs) else { return }
    keep(byte)
    if let key = sequences.key(kept), !sequences.hasLonger(than: kept) {
      end(key, into: &inputs)
      return
    }
    // Old terminals put modifiers in front: `ESC O 5 A`.
    guard !(0x30...0x3F).contains(byte), byte < 0x80 else { return }
    end(ControlSequence.singleKey(of: kept.dropFirst(2)), into: &inputs)
  }

  private mutating func takeString(
    _ byte: UInt8, _ introducer: UInt8, into inputs: inout [TerminalInput]
  ) {
    if byte == 0x1B {
      mode = .stringEscape(introducer: introducer)
      escapeRead = now
      return
    }
    guard !isBroken(by: byte, into: &inputs) else { return }
    let isBell = byte == 0x07 && introducer == UInt8(ascii: "]")
    if isBell || continuations.isTerminator(byte) { end(nil, into: &inputs) }
  }

  /// Handles the byte after an ESC in a string; `ESC \` ends the string, however late.
  ///
  /// Any other byte shows that the string was broken off: by an ESC that begins a sequence if the
  /// byte came with it, by a lone ESC if the byte came later.
  private mutating func takeAfterStringEscape(
    _ byte: UInt8, _ introducer: UInt8, into inputs: inout [TerminalInput]
  ) {
    guard byte != UInt8(ascii: "\\") else {
      end(nil, into: &inputs)
      return
    }
    let isLate = now - escapeRead >= escapeDelay
    inputs.append(.stray)
    close()
    if isLate {
      begin(byte, into: &inputs)
    } else {
      beginEscape()
      takeAfterEscape(byte, into: &inputs)
    }
  }

  private mutating func takeTrailing(
    _ byte: UInt8, _ left: Int, _ lead: Bool, into inputs: inout [TerminalInput]
  ) {
    guard !isBroken(by: byte, into: &inputs) else { return }
    keep(byte)
    if let key = sequences.key(kept) {
      end(key, into: &inputs)
    } else if lead, (0x80..<0xC0).contains(byte) {
      // The second half of a coordinate that mode 1005 sends as a character.
      if left == 0 { end(nil, into: &inputs) } else { mode = .trailing(left: left, lead: false) }
    } else if left == 0 {
      end(nil, into: &inputs)
      begin(byte, into: &inputs)
    } else if left == 1, kept.count == 4, kept[2] == UInt8(ascii: "[") {
      end(ControlSequence.consoleKey(byte), into: &inputs)
    } else {
      let isLead = (0xC2...0xDF).contains(byte)
      if left == 1, !isLead {
        end(nil, into: &inputs)
      } else {
        mode = .trailing(left: left - 1, lead: isLead)
      }
    }
  }
}
