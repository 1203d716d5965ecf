import Model
import Text

/// What rows are sorted by. Ties are broken by expiry, then by id.
public struct RowOrder: Hashable, Sendable {
  public var field: Field
  public var isDescending: Bool

  public enum Field: String, Hashable, CaseIterable, Sendable {
    case expires
    case sent
    case org
    case account
    case state
    case action
    case id
    /// Look-alikes first, then what is not trusted.
    case trust
  }

  public init(_ field: Field, descending: Bool = false) {
    self.field = field
    isDescending = descending
  }

  /// What needs an answer first comes first.
  public static let standard = RowOrder(.expires)

  /// Reads `expires` or `-expires`; nil for a field there is not.
  public init?(_ text: some StringProtocol) {
    let isDescending = text.utf8.first == UInt8(ascii: "-")
    guard let field = Field(rawValue: String(isDescending ? text.dropFirst() : text[...])) else {
      return nil
    }
    self.init(field, descending: isDescending)
  }

  /// As the command line writes it.
  public var text: String { (isDescending ? "-" : "") + field.rawValue }
}

/// Which rows belong to a view, before any filter of the operator's.
public struct RowSelection: Hashable, Sendable {
  public var side: Side
  public var states: States

  public enum Side: Hashable, Sendable {
    /// What the accounts received, and parents they can finalise.
    case received
    /// What their organizations sent.
    case sent
    case either
  }

  public enum States: Hashable, Sendable {
    /// Not in a terminal state: REQUESTED, OPEN, and what cannot be told.
    case pending
    case terminal
    case all
    case only(Set<State>)
  }

  public init(_ side: Side, _ states: States) {
    self.side = side
    self.states = states
  }

  public static let inbox = RowSelection(.received, .pending)
  public static let sent = RowSelection(.sent, .pending)
  public static let history = RowSelection(.either, .terminal)
  /// The three lists of the screens.
  public static let screens = [inbox, sent, history]

  public func contains(_ row: Row) -> Bool {
    guard states.contains(row.handshake.state) else { return false }
    if row.origin == .journal { return side == .either }
    return row.sources.contains { row.belongs(to: side, by: $0) }
  }
}

extension RowSelection.States {
  public func contains(_ state: State?) -> Bool {
    switch self {
    case .pending: !(state?.isTerminal ?? false)
    case .terminal: state?.isTerminal ?? false
    case .all: true
    case .only(let states): state.map(states.contains) ?? false
    }
  }
}

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
