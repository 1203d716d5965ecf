import Model
import Text

/// What the operator wants to see: terms that must all hold.
///
///     org:acme account:2222 state:pending expires:<3d trust:new "two words" word
public struct RowFilter: Hashable, Sendable {
  public var terms: [Term]

  public enum Term: Hashable, Sendable {
    /// Found in any text of the row; ASCII letters in either case.
    case word([UInt8])
    /// In the sender's organization id, management account or name, or in the trust list's name.
    case organization([UInt8])
    /// In the id, address or name of the account that is asked.
    case account([UInt8])
    /// In the name or id of a profile that sees it.
    case profile([UInt8])
    /// The state's name begins so.
    case state([UInt8])
    case pending
    /// In the action's name.
    case action([UInt8])
    case expires(Comparison, Span)
    /// As `TrustMark.passes`.
    case trust(TrustMark)
  }

  public enum Comparison: Hashable, Sendable {
    /// At most so much time is left.
    case within
    /// More than that.
    case beyond
  }

  /// Shows everything.
  public static let none = RowFilter(terms: [])

  public init(terms: [Term]) {
    self.terms = terms
  }

  public var isEmpty: Bool { terms.isEmpty }

  /// Why a filter was not understood; `Explanation` has the words.
  public enum Problem: Error, Hashable, Sendable {
    case unknownKey(Untrusted)
    case emptyValue(key: String)
    case notAState(Untrusted)
    case notATrust(Untrusted)
    case notAnExpiry(Untrusted)
    case openQuote
  }
}

extension RowFilter {
  /// Reads what the operator typed.
  public init(_ text: String) throws(Problem) {
    terms = []
    for piece in try Self.pieces(of: Array(text.utf8)) {
      terms.append(try Self.term(piece))
    }
  }

  /// A piece between blanks. Quotes hold blanks together.
  private struct Piece {
    var bytes: [UInt8] = []
    /// Where the first colon outside quotes stands.
    var colon: Int?
    var isQuoted = false
  }

  private static func pieces(of text: [UInt8]) throws(Problem) -> [Piece] {
    var pieces: [Piece] = []
    var piece = Piece()
    var inQuotes = false
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""):
        inQuotes.toggle()
        piece.isQuoted = true
      case 0x20 where !inQuotes, 0x09 where !inQuotes, 0x0A:
        if !piece.bytes.isEmpty { pieces.append(piece) }
        piece = Piece()
      default:
        if byte == UInt8(ascii: ":"), !inQuotes, piece.colon == nil {
          piece.colon = piece.bytes.count
        }
        piece.bytes.append(byte)
      }
    }
    if inQuotes { throw .openQuote }
    if !piece.bytes.isEmpty { pieces.append(piece) }
    return pieces
  }

  private static func term(_ piece: Piece) throws(Problem) -> Term {
    let lowered = piece.bytes.map(\.asciiLowercased)
    // A pasted ARN is a word, though it has colons.
    guard let colon = piece.colon, !lowered.starts(with: "arn:".utf8) else { return .word(lowered) }
    let key = String(decoding: lowered[..<colon], as: UTF8.self)
    let value = Array(lowered[(colon + 1)...])
    guard keys.contains(key) else {
      throw .unknownKey(Untrusted(bytes: piece.bytes[..<colon]))
    }
    guard !value.isEmpty else { throw .emptyValue(key: key) }
    switch key {
    case "org": return .organization(value)
    case "account": return .account(value)
    case "profile": return .profile(value)
    case "action": return .action(value)
    case "state": return try stateTerm(value)
    case "trust": return try trustTerm(value)
    default: return try expiryTerm(value)
    }
  }

  /// The words that may stand before a colon.
  public static let keys = ["org", "account", "profile", "state", "action", "expires", "trust"]

  private static func stateTerm(_ value: [UInt8]) throws(Problem) -> Term {
    if value == Array("pending".utf8) { return .pending }
    let isState = State.allKnown.contains { state in
      state.wireName.bytes.map(\.asciiLowercased).starts(with: value)
    }
    guard isState else { throw .notAState(Untrusted(bytes: value)) }
    return .state(value)
  }

  private static func trustTerm(_ value: [UInt8]) throws(Problem) -> Term {
    guard let trust = TrustMark(rawValue: String(decoding: value, as: UTF8.self)) else {
      throw .notATrust(Untrusted(bytes: value))
    }
    return .trust(trust)
  }

  private static func expiryTerm(_ value: [UInt8]) throws(Problem) -> Term {
    let comparison: Comparison
    switch value[0] {
    case UInt8(ascii: "<"): comparison = .within
    case UInt8(ascii: ">"): comparison = .beyond
    default: throw .notAnExpiry(Untrusted(bytes: value))
    }
    guard let span = Span(String(decoding: value.dropFirst(), as: UTF8.self)) else {
      throw .notAnExpiry(Untrusted(bytes: value))
    }
    return .expires(comparison, span)
  }
}

extension UInt8 {
  /// `A`–`Z` as `a`–`z`; every other byte as it is.
  var asciiLowercased: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}

/// The lower-cased bytes that a word is looked for in, of all rows in one block: nothing is made
/// until a word is first looked for (or is expected to be), and then once a row.
struct SearchText: Hashable, Sendable {
  private var bytes: [UInt8] = []
  /// Where each text lies, in the order of `bytes`; a row that changed has an older one that no
  /// longer counts.
  private var pieces: [Piece] = []
  /// The piece of each slot.
  private var current: [Int32] = []
  /// Rows whose text has to be made again.
  private var stale: [Int] = []
  /// How often a text was made: what tests count.
  private(set) var made = 0

  private struct Piece: Hashable {
    var end: Int
    var slot: Int32
  }

  /// Must be told of every row that changes.
  mutating func forget(_ slot: Int) {
    if slot < current.count { stale.append(slot) }
  }

  /// Makes what is missing of `count` rows. `write` appends a text, in any case.
  mutating func complete(_ count: Int, _ write: (_ slot: Int, _ to: inout [UInt8]) -> Void) {
    for slot in Set(stale) { current[slot] = append(slot, write) }
    stale = []
    for slot in current.count..<max(current.count, count) { current.append(append(slot, write)) }
  }

  private mutating func append(
    _ slot: Int, _ write: (_ slot: Int, _ to: inout [UInt8]) -> Void
  ) -> Int32 {
    made += 1
    let start = bytes.count
    write(slot, &bytes)
    bytes.withUnsafeMutableBufferPointer { bytes in
      for index in start..<bytes.count { bytes[index] = bytes[index].asciiLowercased }
    }
    pieces.append(Piece(end: bytes.count, slot: Int32(slot)))
    return Int32(pieces.count - 1)
  }

  /// Whether each slot has `needle`: one pass over all texts.
  func slots(holding needle: [UInt8]) -> [Bool] {
    var found = [Bool](repeating: false, count: current.count)
    bytes.withUnsafeBufferPointer { bytes in
      var (piece, start) = (0, 0)
      while let place = offset(of: needle, in: bytes, from: start) {
        while pieces[piece].end <= place { piece += 1 }
        let slot = Int(pieces[piece].slot)
        // No needle has a line feed, so none goes on from one text into the next.
        if current[slot] == Int32(piece) { found[slot] = true }
        start = pieces[piece].end
      }
    }
    return found
  }

  func contains(_ needle: [UInt8], in slot: Int) -> Bool {
    let piece = Int(current[slot])
    let range = (piece == 0 ? 0 : pieces[piece - 1].end)..<pieces[piece].end
    return bytes.withUnsafeBufferPointer { occurs(needle, in: .init(rebasing: $0[range])) }
  }
}

/// Whether `needle` occurs in `hay`. Bytes: no folding, no normalising.
func occurs(_ needle: [UInt8], in hay: UnsafeBufferPointer<UInt8>) -> Bool {
  offset(of: needle, in: hay, from: 0) != nil
}

/// The first place at or behind `start` where `needle` occurs; eight bytes are looked at at once for
/// its first byte.
func offset(of needle: [UInt8], in hay: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
  guard let first = needle.first, let base = hay.baseAddress else {
    return needle.isEmpty ? start : nil
  }
  let end = hay.count - needle.count
  let ones: UInt64 = 0x0101_0101_0101_0101
  let pattern = ones &* UInt64(first)
  var place = start
  while place <= end {
    if place + 8 <= hay.count {
      let word =
        UnsafeRawPointer(base + place).loadUnaligned(as: UInt64.self).littleEndian ^ pattern
      // The lowest byte that became zero is the first one found; higher ones may be false.
      let zeros = (word &- ones) & ~word & (ones << 7)
      if zeros == 0 {
        place += 8
        continue
      }
      place += zeros.trailingZeroBitCount / 8
      if place > end { return nil }
    } else if base[place] != first {
      place += 1
      continue
    }
    var length = 1
    while length < needle.count, base[place + length] == needle[length] { length += 1 }
    if length == needle.count { return place }
    place += 1
  }
  return nil
}

extension Sequence<UInt8> {
  /// Whether `needle`, which is lower-case, occurs here in either case (ASCII letters only).
  func holds(lowered needle: [UInt8]) -> Bool {
    withContiguousStorageIfAvailable { $0.holds(folding: needle) }
      ?? Array(self).withUnsafeBufferPointer { $0.holds(folding: needle) }
  }
}

extension UnsafeBufferPointer<UInt8> {
  fileprivate func holds(folding needle: [UInt8]) -> Bool {
    guard count >= needle.count else { return false }
    for start in 0...(count - needle.count) {
      var length = 0
      while length < needle.count, self[start + length].asciiLowercased == needle[length] {
        length += 1
      }
      if length == needle.count { return true }
    }
    return false
  }
}
