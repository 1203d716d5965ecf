import Model
import Text

/// What a row is sorted by, packed into four words that are compared in order. Ids fit whole: they
/// have 37 letters at most, twelve of which fit into a word.
struct SortKey: Hashable, Sendable {
  var words: (UInt64, UInt64, UInt64, UInt64)

  static let none = SortKey((0, 0, 0, 0))

  init(_ words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

  static func == (left: SortKey, right: SortKey) -> Bool {
    left.words.0 == right.words.0 && left.words.1 == right.words.1
      && left.words.2 == right.words.2 && left.words.3 == right.words.3
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(words.3)
  }

  static func < (left: SortKey, right: SortKey) -> Bool {
    if left.words.0 != right.words.0 { return left.words.0 < right.words.0 }
    if left.words.1 != right.words.1 { return left.words.1 < right.words.1 }
    if left.words.2 != right.words.2 { return left.words.2 < right.words.2 }
    return left.words.3 < right.words.3
  }

  /// - Parameter trust: The rank of the sender's mark, where rows are sorted by it.
  init(_ row: Row, _ order: RowOrder, trust: UInt64 = 0) {
    let handshake = row.handshake
    let flip: UInt64 = order.isDescending ? .max : 0
    let expires = Self.word(handshake.expires)
    let id = Self.packed(row.id?.text)
    switch order.field {
    case .expires:
      words = (Self.word(handshake.expires, flip), id.0, id.1, id.2)
    case .sent:
      words = (Self.word(handshake.requested, flip), id.0, id.1, id.2)
    case .org:
      let org = Self.packed(handshake.senderOrganization?.text)
      words = (org.0 ^ flip, org.1 ^ flip, org.2 ^ flip, expires)
    case .account:
      let account = Self.account(of: row)
      words = (account.0 ^ flip, account.1 ^ flip, expires, id.0)
    case .state:
      let rank = Self.rank(handshake.state, of: Self.states)
      words = (rank ^ flip, expires, id.0, id.1)
    case .action:
      let rank = Self.rank(handshake.action, of: Self.actions)
      words = (rank ^ flip, expires, id.0, id.1)
    case .trust:
      words = (trust ^ flip, expires, id.0, id.1)
    case .id:
      words = (id.0 ^ flip, id.1 ^ flip, id.2 ^ flip, expires)
    }
  }

  /// Unknown times come last, whichever way it goes.
  private static func word(_ time: Timestamp?, _ flip: UInt64 = 0) -> UInt64 {
    guard let time else { return .max }
    return min(.max - 1, (UInt64(bitPattern: time.milliseconds) ^ (1 << 63)) ^ flip)
  }

  private static let states = State.allKnown
  private static let actions = Action.allKnown

  private static func rank<Value: Equatable>(_ value: Value?, of all: [Value]) -> UInt64 {
    guard let value, let rank = all.firstIndex(of: value) else { return UInt64(all.count) }
    return UInt64(rank)
  }

  /// Accounts by number, then addresses by their first letters.
  private static func account(of row: Row) -> (UInt64, UInt64) {
    if let account = row.askedAccount, let number = UInt64(account.text) { return (number, 0) }
    var word: UInt64 = 0
    for byte in (row.handshake.recipientEmail?.bytes ?? []).prefix(8) {
      word = word << 8 | UInt64(byte.asciiLowercased)
    }
    return (.max - 1, word)
  }

  /// Up to 36 of `0`–`9` and `a`–`z` behind an id's prefix, in their order; nothing comes last.
  private static func packed(_ id: String?) -> (UInt64, UInt64, UInt64) {
    guard var id else { return (.max, .max, .max) }
    return id.withUTF8 { (pack($0, from: 2), pack($0, from: 14), pack($0, from: 26)) }
  }

  /// Twelve letters from `start` on.
  private static func pack(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> UInt64 {
    var word: UInt64 = 0
    for place in start..<start + 12 {
      word = word &* 37
      guard place < bytes.count else { continue }
      let byte = bytes[place]
      word = word &+ UInt64(byte < 0x3A ? byte &- 0x2F : byte &- 0x56)
    }
    return word
  }
}
