import Model
import ReviewJournal
import Text

/// A filter of the operator: terms that must all hold.
///
///     org:acme account:2222 state:pending expires:<3d trust:new "two words" word
public struct RowFilter: Hashable, Sendable {
  /// The terms, in the order typed.
  ///
  /// No terms show everything.
  public var terms: [Term]

  /// One condition on a row.
  ///
  /// All texts are lower-cased (ASCII letters only).
  public enum Term: Hashable, Sendable {
    /// The text occurs in any text of the row.
    case word([UInt8])
    /// The text occurs in the sender's organization id, management account or name, or in the trust
    /// list's name of it.
    case organization([UInt8])
    /// The text occurs in the id, address or name of the account that is asked.
    case account([UInt8])
    /// The text occurs in the name or id of an account that sees the row.
    case profile([UInt8])
    /// The state's name begins with the text.
    case state([UInt8])
    case pending
    /// The text occurs in the action's name.
    case action([UInt8])
    case expires(Comparison, Span)
    /// The sender's mark passes `TrustMark.passes`.
    case trust(TrustMark)
  }

  /// The direction in which an expiry is compared with a duration.
  public enum Comparison: Hashable, Sendable {
    /// At most the duration is left.
    case within
    /// More than the duration is left.
    case beyond
  }

  /// The filter that shows everything.
  public static let none = RowFilter(terms: [])

  /// Creates a filter from parsed terms.
  public init(terms: [Term]) {
    self.terms = terms
  }

  /// Whether the filter has no terms and shows everything.
  public var isEmpty: Bool { terms.isEmpty }

  /// A syntax error in a filter.
  ///
  /// `Explanation` has the words.
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
  /// Parses a filter that the operator typed.
  ///
  /// - Parameter text: Terms separated by blanks, tabs or line feeds. Double quotes hold blanks and
  ///   tabs in one term; the syntax is shown at `RowFilter`.
  /// - Throws: `Problem.openQuote` for a missing closing quote. For the first invalid term:
  ///   `unknownKey` for a key that is not in `keys`, `emptyValue` for a key without a value, and
  ///   `notAState`, `notATrust` or `notAnExpiry` for an invalid value.
  public init(_ text: String) throws(Problem) {
    terms = []
    for piece in try Self.pieces(of: Array(text.utf8)) {
      terms.append(try Self.term(piece))
    }
  }

  /// A piece of text between blanks.
  ///
  /// Quotes hold blanks together.
  private struct Piece {
    var bytes: [UInt8] = []
    /// The offset in `bytes` of the first colon outside quotes.
    var colon: Int?
  }

  /// Splits `text` at blanks, tabs and line feeds.
  private static func pieces(of text: [UInt8]) throws(Problem) -> [Piece] {
    var pieces: [Piece] = []
    var piece = Piece()
    var inQuotes = false
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""):
        inQuotes.toggle()
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

  /// Parses one piece.
  private static func term(_ piece: Piece) throws(Problem) -> Term {
    let lowered = piece.bytes.asciiLowercased
    // An ARN contains colons. A pasted one is searched as a word.
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

  /// The keys that a term can have before its colon.
  public static let keys = ["org", "account", "profile", "state", "action", "expires", "trust"]

  private static func stateTerm(_ value: [UInt8]) throws(Problem) -> Term {
    if value == Array("pending".utf8) { return .pending }
    let isState = HandshakeState.allKnown.contains { state in
      state.wireName.bytes.asciiLowercased.starts(with: value)
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

/// The lower-cased texts of all rows, in one block of bytes, in which words are searched.
///
/// Nothing is built until a word is first searched or expected; then each row's text is built once,
/// and again after the row has changed.
struct SearchText: Hashable, Sendable {
  private var bytes: [UInt8] = []
  /// The extent of each text, in the order of `bytes`.
  ///
  /// A row that was changed also has an older piece, which is ignored.
  private var pieces: [Piece] = []
  /// The index in `pieces` of each slot's text.
  private var current: [Int32] = []
  /// The slots whose text has to be built again.
  private var stale: [Int] = []
  /// The number of texts built so far, which tests check.
  private(set) var made = 0

  private struct Piece: Hashable {
    var end: Int
    var slot: Int32
  }

  /// Marks the text of a slot as outdated; call it for every row that changes.
  mutating func forget(_ slot: Int) {
    if slot < current.count { stale.append(slot) }
  }

  /// Builds the missing and outdated texts of the first `count` rows.
  ///
  /// `write` appends the text of a slot; it need not be lower-cased.
  mutating func complete(_ count: Int, _ write: (_ slot: Int, _ to: inout [UInt8]) -> Void) {
    for slot in Set(stale) { current[slot] = append(slot, write) }
    stale = []
    for slot in current.count..<max(current.count, count) { current.append(append(slot, write)) }
  }

  /// Builds the text of a slot and returns the index of its piece.
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

  /// Returns for each slot whether its text contains `needle`, in one pass over all texts.
  func slots(holding needle: [UInt8]) -> [Bool] {
    var found = [Bool](repeating: false, count: current.count)
    bytes.withUnsafeBufferPointer { bytes in
      var (piece, start) = (0, 0)
      while let place = offset(of: needle, in: bytes, from: start) {
        while pieces[piece].end <= place { piece += 1 }
        let slot = Int(pieces[piece].slot)
        // No needle contains a line feed, so no match crosses from one text into the next.
        if current[slot] == Int32(piece) { found[slot] = true }
        start = pieces[piece].end
      }
    }
    return found
  }

  /// Returns whether the text of one slot contains `needle`.
  func contains(_ needle: [UInt8], in slot: Int) -> Bool {
    let piece = Int(current[slot])
    let range = (piece == 0 ? 0 : pieces[piece - 1].end)..<pieces[piece].end
    return bytes.withUnsafeBufferPointer { occurs(needle, in: .init(rebasing: $0[range])) }
  }
}

/// Returns whether `needle` occurs in `hay`.
///
/// Bytes are compared as they are, without case folding or normalisation.
func occurs(_ needle: [UInt8], in hay: UnsafeBufferPointer<UInt8>) -> Bool {
  offset(of: needle, in: hay, from: 0) != nil
}

/// Returns the first offset at or after `start` where `needle` occurs; nil if it does not.
///
/// The first byte of the needle is searched eight bytes at a time.
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
      // The lowest zero byte is the first match; higher ones may be false positives.
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
  /// Returns whether `needle`, which must be lower-case, occurs here in either case (ASCII letters
  /// only).
  func holds(lowered needle: [UInt8]) -> Bool {
    withContiguousStorageIfAvailable { $0.holds(folding: needle) }
      ?? Array(self).withUnsafeBufferPointer { $0.holds(folding: needle) }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Returns whether `needle`, which must be lower-case, occurs here in either case (ASCII letters
  /// only).
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
