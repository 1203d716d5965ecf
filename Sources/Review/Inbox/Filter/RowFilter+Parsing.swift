import Model
import Text

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
