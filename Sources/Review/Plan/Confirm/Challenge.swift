import Model
import Text

/// The dialog between a plan and its sending, as a state machine: keys go in with the time they were
/// read at, and nothing is sent unless `update` answers `.send`.
public struct Challenge: Hashable, Sendable {
  public let kind: Kind
  public let letters: String
  public internal(set) var phase: Phase
  public internal(set) var focus = Focus.challenge
  /// What has been typed of the challenge, or of the expected organization.
  public internal(set) var typed: [UInt8] = []
  public internal(set) var reason: [UInt8]
  /// Said below the field until the next key.
  public internal(set) var note: Note?

  /// No key is taken before.
  var deafUntil: Span
  /// Whether it is deaf because keys came as no hand presses them: until none comes any more.
  var isRushed = false
  let grace: Span
  /// Whether the last row has been on screen.
  var isSeenWhole: Bool
  /// When each of the typed characters was read.
  var readAt: [Span] = []
  /// Whether the key that was read last completed the challenge.
  var isJustCompleted = false
  var enteredAt: Span?
  /// When the last keys were read, as many as make a rush.
  var lately: [Span] = []
  /// When a `y` will have stood alone long enough to send.
  var aloneAt: Span?
  var mismatches: Int

  public enum Kind: Hashable, Sendable {
    /// T1: a plan without accepts.
    case yes
    /// T2: so many accepts, and the declines and cancels with them.
    case batch(accepts: Int)
    /// T3: one accept, from this organization.
    case alone(HandshakeID, OrganizationID)
  }

  public enum Phase: Hashable, Sendable {
    /// T3: which organization the operator expects.
    case organization
    case challenge
    /// Armed: sending starts then.
    case grace(until: Span)
    case confirmed
    /// Stopped in the grace.
    case stopped
    case closed
    case locked
  }

  public enum Focus: Hashable, Sendable {
    case challenge
    case reason
  }

  /// A dialog takes no key for so long; where a single one sends, not before none has come for so long.
  public static let deaf = Span(milliseconds: 300)
  /// A `y` counts when no other key comes so shortly before or after it: a held key repeats faster.
  public static let alone = Span(milliseconds: 150)
  /// So many keys within `paste` were not typed.
  static let rush = 4
  /// A challenge that came within this time was not typed.
  public static let paste = Span(milliseconds: 30)
  /// A held Enter repeats; it does not stop what it started.
  public static let bounce = Span(milliseconds: 500)
  static let reasonLimit = 512
  static let fieldLimit = 64

  /// `seenWhole`: whether everything that will be sent fits on the screen.
  public init(
    _ kind: Kind, letters: String, opened: Span, grace: Span, seenWhole: Bool,
    reason: [UInt8] = [], mismatches: Int = 0
  ) {
    self.kind = kind
    self.letters = letters
    deafUntil = opened + Self.deaf
    self.grace = grace
    isSeenWhole = seenWhole
    self.reason = reason
    self.mismatches = mismatches
    if case .alone = kind { phase = .organization } else { phase = .challenge }
  }

  /// What has to be typed, exactly.
  public var phrase: String {
    switch kind {
    case .yes: "y"
    case .batch(let accepts): "accept \(accepts) \(letters)"
    case .alone: letters
    }
  }

  public var needsReason: Bool { kind != .yes }

  public var isReasonMissing: Bool {
    needsReason && !reason.contains { $0 != 0x20 && $0 != 0x09 }
  }

  /// Whether an Enter now would arm it.
  public var isComplete: Bool {
    phase == .challenge && focus == .challenge && isJustCompleted && !isReasonMissing
      && typed == Array(phrase.utf8)
  }

  /// When the dialog has to be told of the time again.
  public var nextTick: Span? {
    if case .grace(let until) = phase { until } else { aloneAt }
  }
}
