import Model
import ReviewJournal
import Text

/// The order of rows: a field and a direction.
///
/// Ties are broken by expiry where the key has room for it, then by id, then by arrival.
public struct RowOrder: Hashable, Sendable {
  /// The field that is compared first.
  public var field: Field
  /// Whether the field's order is reversed; unknown times stay last.
  public var isDescending: Bool

  /// A field that rows can be sorted by; the raw value is its name on the command line.
  public enum Field: String, Hashable, CaseIterable, Sendable {
    case expires
    case sent
    case org
    case account
    case state
    case action
    case id
    /// Look-alikes first, then the senders that are not trusted, then the operator's own
    /// organization, then trusted ones.
    case trust
  }

  /// Creates an order by `field`, ascending unless `descending` is set.
  public init(_ field: Field, descending: Bool = false) {
    self.field = field
    isDescending = descending
  }

  /// The order by expiry, so that the most urgent handshakes come first.
  public static let standard = RowOrder(.expires)

  /// Parses `expires` or `-expires`; nil for an unknown field.
  public init?(_ text: some StringProtocol) {
    let isDescending = text.utf8.first == UInt8(ascii: "-")
    guard let field = Field(rawValue: String(isDescending ? text.dropFirst() : text[...])) else {
      return nil
    }
    self.init(field, descending: isDescending)
  }

  /// The order in the syntax of the command line, which `init(_:)` parses.
  public var text: String { (isDescending ? "-" : "") + field.rawValue }
}

/// The rows that belong to a view, before any filter of the operator.
public struct RowSelection: Hashable, Sendable {
  /// The side on which the accounts viewed have to be.
  public var side: Side
  /// The states in which the handshake has to be.
  public var states: States

  /// A side of the handshake.
  public enum Side: Hashable, Sendable {
    /// Handshakes that the accounts received, and requests for all features that they can finalise.
    case received
    /// Handshakes that the accounts' organizations sent.
    case sent
    case either
  }

  /// A set of handshake states.
  public enum States: Hashable, Sendable {
    /// Every state that is not final: REQUESTED, OPEN, and unknown or missing states.
    case pending
    case terminal
    case all
    case only(Set<HandshakeState>)
  }

  /// Creates a selection of one side and a set of states.
  public init(_ side: Side, _ states: States) {
    self.side = side
    self.states = states
  }

  /// The pending handshakes that were received or can be finalised.
  public static let inbox = RowSelection(.received, .pending)
  /// The pending handshakes that were sent.
  public static let sent = RowSelection(.sent, .pending)
  /// The handshakes in a final state, of either side, including those that only the journal
  /// remembers.
  public static let history = RowSelection(.either, .terminal)
  /// The selections of the three lists on the screen.
  public static let screens = [inbox, sent, history]

  /// Returns whether a row belongs to the view.
  ///
  /// A row from the journal belongs only to views of either side.
  public func contains(_ row: Row) -> Bool {
    guard states.contains(row.handshake.state) else { return false }
    if row.origin == .journal { return side == .either }
    return row.sources.contains { row.belongs(to: side, by: $0) }
  }
}

extension RowSelection.States {
  /// Returns whether `state` is in the set; nil means that the state could not be read.
  public func contains(_ state: HandshakeState?) -> Bool {
    switch self {
    case .pending: !(state?.isTerminal ?? false)
    case .terminal: state?.isTerminal ?? false
    case .all: true
    case .only(let states): state.map(states.contains) ?? false
    }
  }
}

/// The value that a row is sorted by, packed into four words that are compared in order.
///
/// Ids fit whole: at most 32 characters follow the prefix, and a word holds twelve.
struct SortKey: Hashable, Sendable {
  var words: (UInt64, UInt64, UInt64, UInt64)

  /// A placeholder for a slot that has no key yet.
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

  /// Packs the key of a row for `order`.
  ///
  /// `trust` is the rank of the sender's mark; it is used only when rows are sorted by it. In
  /// descending order the words of the field are inverted; those that break ties are not.
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

  /// Returns a word for a time, inverted by `flip`; unknown times come last in either direction.
  private static func word(_ time: Timestamp?, _ flip: UInt64 = 0) -> UInt64 {
    guard let time else { return .max }
    return min(.max - 1, (UInt64(bitPattern: time.milliseconds) ^ (1 << 63)) ^ flip)
  }

  private static let states = HandshakeState.allKnown
  private static let actions = Action.allKnown

  /// Returns the index of `value` in `all`; missing and unknown values come after all known ones.
  private static func rank<Value: Equatable>(_ value: Value?, of all: [Value]) -> UInt64 {
    guard let value, let rank = all.firstIndex(of: value) else { return UInt64(all.count) }
    return UInt64(rank)
  }

  /// Returns two words for the account that is asked: accounts by number, then addresses by their
  /// first eight bytes.
  private static func account(of row: Row) -> (UInt64, UInt64) {
    if let account = row.askedAccount, let number = UInt64(account.text) { return (number, 0) }
    var word: UInt64 = 0
    for byte in (row.handshake.recipientEmail?.bytes ?? []).prefix(8) {
      word = word << 8 | UInt64(byte.asciiLowercased)
    }
    return (.max - 1, word)
  }

  /// Returns three words that order ids by their characters after the prefix; nil comes after every
  /// id.
  ///
  /// Up to 36 characters of `0`–`9` and `a`–`z` are packed.
  private static func packed(_ id: String?) -> (UInt64, UInt64, UInt64) {
    guard var id else { return (.max, .max, .max) }
    return id.withUTF8 { (pack($0, from: 2), pack($0, from: 14), pack($0, from: 26)) }
  }

  /// Packs the twelve characters from `start` on, in base 37.
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
