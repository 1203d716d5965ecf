import Model
import Text

/// The dialog between a plan and its sending, as a state machine: keys go in with the time they were
/// read at, and nothing is sent unless `update` answers `.send` (UX-14).
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
  /// Whether every key that comes while the dialog is deaf makes it deaf anew, until none comes.
  var isDeafUntilSilent: Bool
  let grace: Span
  /// Whether the last row has been on screen: before, nothing that is typed counts.
  public internal(set) var isSeenWhole: Bool
  /// When each of the typed characters was read.
  var readAt: [Span] = []
  /// Whether the key that was read last completed the challenge.
  var isJustCompleted = false
  var enteredAt: Span?
  /// When the grace is to be told of the time next.
  var tickDue: Span?
  var mismatches: Int

  public enum Kind: Hashable, Sendable {
    /// T1: a plan without accepts; so many declines, so many cancels.
    case noAccepts(declines: Int, cancels: Int)
    /// T2: so many accepts, and the declines and cancels with them.
    case batch(accepts: Int)
    /// T3: one accept, from this organization.
    case alone(HandshakeID, OrganizationID)
  }

  public enum Phase: Hashable, Sendable {
    /// T3: which organization the operator expects.
    case organization
    case challenge
    /// The phrase came in a burst, as pasted text does, or typing over a slow link: these two letters,
    /// drawn after it was read, are to be typed as well. Nil until they have been drawn.
    case check(String?)
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

  /// A dialog takes no key for so long after it opened, and after bytes that were not typed.
  /// (UX-7.2)
  public static let deaf = Span(milliseconds: 300)
  /// A held Enter repeats; it does not stop what it started (UX-15.2).
  public static let bounce = Span(milliseconds: 500)
  /// The grace is told of the time so often.
  public static let tick = Span(milliseconds: 250)
  /// A tick that comes later than this after it was due: the program was stopped, or frozen.
  /// (UX-15.3)
  public static let lateness = Span(milliseconds: 500)
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
    // A phrase without letters of this dialog can have been on its way to it.
    isDeafUntilSilent = !kind.hasLetters
    self.grace = grace
    isSeenWhole = seenWhole
    self.reason = reason
    self.mismatches = mismatches
    if case .alone = kind { phase = .organization } else { phase = .challenge }
    // What is required and missing is asked for before the phrase; an organization is stated first of all.
    if phase != .organization, isReasonMissing { focus = .reason }
  }

  /// The text that has to be typed now, exactly; nil when there is none.
  public var asked: String? {
    switch phase {
    case .challenge: kind.phrase(letters: letters)
    case .check(let letters): letters
    case .organization, .grace, .confirmed, .stopped, .closed, .locked: nil
    }
  }

  public var isReasonMissing: Bool {
    kind.needsReason && Untrusted(bytes: reason).isBlank
  }

  /// Whether an Enter now would confirm it.
  public var isComplete: Bool {
    focus == .challenge && isJustCompleted && !isReasonMissing && isTyped
  }

  /// Whether Enter starts a grace. Declines and cancels are sent without one.
  public var hasGrace: Bool { kind.needsReason && grace > .zero }

  /// Whether sending starts by itself when the grace is over.
  public var isInGrace: Bool { if case .grace = phase { true } else { false } }

  /// When the dialog has to be told of the time again.
  public var nextTick: Span? { isInGrace ? tickDue : nil }

  var isTyped: Bool { asked.map { typed == Array($0.utf8) } ?? false }
}

extension Challenge.Kind {
  /// Returns what has to be typed to confirm it: names every answer that will be sent, or is made of
  /// letters that only this dialog shows (UX-2.2).
  public func phrase(letters: String) -> String {
    switch self {
    case .noAccepts(let declines, 0): "decline \(declines)"
    case .noAccepts(0, let cancels): "cancel \(cancels)"
    case .noAccepts(let declines, let cancels): "decline \(declines) cancel \(cancels)"
    case .batch(let accepts): "accept \(accepts) \(letters)"
    case .alone: letters
    }
  }

  var hasLetters: Bool {
    switch self {
    case .noAccepts: false
    case .batch, .alone: true
    }
  }

  var needsReason: Bool { hasLetters }
}
