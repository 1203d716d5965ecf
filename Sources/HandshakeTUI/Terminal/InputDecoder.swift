import HandshakeUI
import Model
import Text

/// Decodes the bytes that a terminal sends into keys. A value: time comes in as an argument.
///
/// A control sequence that has begun is read to its end, however late the end comes: neither its bytes
/// nor its tail ever become keys, and a key whose sequence paused for `tornAfter` is none. Only a lone ESC is
/// decided by time; if the byte after it could belong to a torn sequence, it is taken for one at any later
/// time. Sources: ECMA-48 5.4 and 5.6, xterm's ctlseqs, the kitty keyboard protocol.
struct InputDecoder: Sendable {
  /// A paste is given up when its end has not come and nothing else has for this long.
  static let pastePatience = Span.seconds(2)
  /// What comes after that belongs to the paste until nothing has come for this long.
  static let pasteSilence = Span.seconds(1)
  /// A longer sequence is not a key; the rest of it is read and not kept.
  private static let keptLength = 64
  /// Terminals send a key at once; also a slow link rarely divides it.
  private let tornAfter = Span(milliseconds: 250)

  private enum Mode: Equatable {
    case ground
    /// After an ESC.
    case escape
    /// After CSI: parameters, intermediates, then one final byte.
    case control
    /// After SS3: one final byte, behind parameters in old terminals.
    case single
    /// In an OSC, DCS, APC, PM or SOS; `introducer` as in its 7-bit form.
    case string(introducer: UInt8)
    /// After an ESC inside a string.
    case stringEscape(introducer: UInt8)
    /// In the bytes that follow a control sequence's final byte: mouse coordinates, or the letter of a
    /// function key on the Linux console. `lead`: the last byte may begin a character of two.
    case trailing(left: Int, lead: Bool)
    /// In a key that terminfo lists and ECMA-48 does not explain.
    case listed
    /// In a character of several bytes.
    case character
    case paste
    case abandonedPaste
  }

  private let sequences: KeySequences
  private let escapeDelay: Span
  private var mode = Mode.ground
  /// The bytes of what is open, from its first, as far as they are kept.
  private var kept: [UInt8] = []
  private var isOverlong = false
  /// What is open was begun before a flush, or its ESC was already given out as a key.
  private var isDisowned = false
  /// The last thing given out was a lone ESC.
  private var gaveEscape = false
  /// A sequence that another one broke into: behind a report its tail is still to come.
  private var interrupted: Mode?
  private var paste = PasteCollector()
  /// UTF-8 bytes that have yet to come inside a string, where 9C hex also ends it.
  private var continuations = Continuations()
  /// When the ESC of `escape` or `stringEscape` was read.
  private var escapeRead = Span.zero
  private var lastFed = Span.zero
  private var now = Span.zero

  init(sequences: KeySequences, escapeDelay: Span) {
    self.sequences = sequences
    self.escapeDelay = escapeDelay
  }

  /// Whether the last byte was an ESC that is the Escape key if nothing follows.
  var mayBeEscape: Bool { mode == .escape && !isDisowned }

  /// Whether bytes were read whose meaning is not decided.
  var isOpen: Bool { mode != .ground }

  /// When `settle` should be called if nothing more comes; nil when time decides nothing.
  var deadline: Span? {
    switch mode {
    case .escape: escapeRead + escapeDelay
    case .paste: lastFed + Self.pastePatience
    case .abandonedPaste: lastFed + Self.pasteSilence
    default: nil
    }
  }

  /// Decodes what was read at once. The result ends with `stray` when something is left open.
  mutating func feed(_ bytes: some Sequence<UInt8>, at now: Span) -> [TerminalInput] {
    self.now = now
    var inputs: [TerminalInput] = []
    let bytes = Array(bytes)
    // ^C by itself is a hand's, also where the end of a paste has been lost. The paste goes on.
    if mode == .paste || mode == .abandonedPaste, bytes == [0x03] {
      return [.key(.control("c"))]
    }
    if isOpen, mode != .escape, mode != .paste, now - lastFed >= tornAfter { isDisowned = true }
    lastFed = now
    for byte in bytes { take(byte, into: &inputs) }
    if isOpen, mode != .paste, inputs.last != .stray { inputs.append(.stray) }
    return inputs
  }

  /// Decides what time decides.
  mutating func settle(at now: Span) -> [TerminalInput] {
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
      // The silence after which it is over begins here.
      lastFed = now
      paste.drop()
      return [.pasteAbandoned]
    default:
      close()
      return []
    }
  }

  /// Decodes what is thrown away unread: its parts never become keys, nor does the tail of what it
  /// leaves open.
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

  /// Ends what is open with a key, or without one.
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
    // Also leads that no character has: what follows them is no control either.
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

  /// An 8-bit control: `ESC` and the byte 40 hex below, in one.
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
      // Escape, and then something else before its time was up: a slow link, or an Alt chord.
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

  /// Handles the bytes that break off any sequence: ESC begins another one, CAN and SUB end it, and ^C
  /// is a key at all times, so that no torn sequence can take the keyboard away.
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

  /// `ESC \` ends a string at any time. Any other byte shows that the string had been broken off, by an
  /// ESC that begins a sequence when the byte came with it, and that stood alone when it came later.
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
