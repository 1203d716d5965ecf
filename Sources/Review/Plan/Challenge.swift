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

extension Challenge {
  public enum Event: Hashable, Sendable {
    case character(Unicode.Scalar)
    case backspace
    /// `^U`: all of the field.
    case deleteLine
    /// `^W`: its last word.
    case deleteWord
    case enter
    case tab
    /// Esc, or `^C`.
    case escape
    /// A key that no dialog lists.
    case other
    /// Bytes were read that are no key, or none yet: a lone ESC, half a character, a part of a torn
    /// control sequence.
    case stray
    /// A bracketed paste began; its text comes as `pasted`, or never.
    case pasteBegan
    /// Between the brackets of a bracketed paste.
    case pasted(Untrusted)
    /// The last row of what will be sent has come on screen.
    case seenWhole
    case tick
  }

  public enum Outcome: Hashable, Sendable {
    /// Go on showing the dialog.
    case none
    /// A wrong organization was stated: to the journal. The true one must not be shown.
    case mismatch(Untrusted)
    /// The same, once too often: the row leaves the plan until the program is started again.
    case locked(Untrusted)
    /// The phrase came in a burst: draw two letters, show them, and hand them to `check(_:at:)`.
    case burst
    /// The challenge is met: it is sent when the grace is over.
    case armed
    /// Send what was shown.
    case send
    /// A key in the grace: nothing is sent.
    case stopped
    /// The clock jumped in the grace, by so much, because the program did not run: nothing is sent.
    case overslept(Span)
    /// The operator went back: nothing is sent, the plan is kept.
    case closed
  }

  public enum Note: Hashable, Sendable {
    case pasteRefused
    /// Bytes that are no key; whether what was typed was taken back.
    case stray(cleared: Bool)
    /// What is still asked for.
    case incomplete(String)
    case notJustCompleted
    case reasonMissing
    case scrollFirst
    case notAnOrganization
    case mismatch(left: Int)
  }
}

extension Challenge {
  public mutating func update(_ event: Event, at now: Span) -> Outcome {
    switch phase {
    case .confirmed, .stopped, .closed, .locked: return .none
    case .grace(let until): return inGrace(event, until: until, at: now)
    case .organization, .challenge, .check: break
    }
    switch event {
    case .tick: return .none
    case .seenWhole:
      isSeenWhole = true
      return .none
    default: break
    }
    let wasJustCompleted = isJustCompleted
    isJustCompleted = false
    guard hears(event, at: now) else { return .none }
    if event == .escape {
      phase = .closed
      return .closed
    }
    if event == .tab { return changeFocus() }
    if focus == .reason { return edit(event) }
    if phase == .organization { return stateOrganization(event) }
    return meetChallenge(event, wasJustCompleted: wasJustCompleted, at: now)
  }

  private mutating func inGrace(_ event: Event, until: Span, at now: Span) -> Outcome {
    switch event {
    case .seenWhole: return .none
    case .enter where isBounce(at: now): return .none
    case .tick: return pass(to: now, until: until)
    case .character, .backspace, .deleteLine, .deleteWord, .enter, .tab, .escape, .other, .stray,
      .pasteBegan, .pasted:
      phase = .stopped
      return .stopped
    }
  }

  private func isBounce(at now: Span) -> Bool {
    guard let enteredAt else { return false }
    return now.milliseconds - enteredAt.milliseconds <= Self.bounce.milliseconds
  }

  /// Nobody can stop a program that does not run, so a grace in which it did not run is none.
  private mutating func pass(to now: Span, until: Span) -> Outcome {
    if let tickDue, now - tickDue > Self.lateness {
      phase = .stopped
      return .overslept(now - tickDue)
    }
    guard now >= until else {
      tickDue = Self.nextTick(after: now, until: until)
      return .none
    }
    phase = .confirmed
    return .send
  }

  /// Returns the next time that is a whole number of ticks before the end, so that seconds count down
  /// evenly.
  static func nextTick(after now: Span, until: Span) -> Span {
    let left = max(1, (until - now).milliseconds)
    return Span(milliseconds: now.milliseconds + (left - 1) % tick.milliseconds + 1)
  }

  /// To the other field; not from a missing reason to a phrase that does not count without it.
  private mutating func changeFocus() -> Outcome {
    let leaves = focus == .challenge || phase == .organization || !isReasonMissing
    guard leaves else { return refuse(.reasonMissing) }
    focus = focus == .reason ? .challenge : .reason
    return .none
  }

  private mutating func edit(_ event: Event) -> Outcome {
    switch event {
    case .character(let scalar): append(Array(String(scalar).utf8))
    case .pasted(let text): append(text.bytes.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 })
    case .backspace: reason.removeLastScalar()
    case .deleteLine: reason = []
    case .deleteWord: reason.removeLastWord()
    // Ends the field and nothing else.
    case .enter: return changeFocus()
    case .tab, .escape, .other, .stray, .pasteBegan, .seenWhole, .tick: break
    }
    return .none
  }

  private mutating func append(_ bytes: [UInt8]) {
    guard reason.count + bytes.count <= Self.reasonLimit else { return }
    reason.append(contentsOf: bytes)
  }

  mutating func refuse(_ note: Note) -> Outcome {
    self.note = note
    return .none
  }
}

extension [UInt8] {
  /// Removes the last scalar of UTF-8.
  mutating func removeLastScalar() {
    while let last = popLast(), last & 0xC0 == 0x80 {}
  }

  /// Removes the blanks at the end, and what stands before them up to a blank.
  mutating func removeLastWord() {
    while last == 0x20 { removeLast() }
    while let last, last != 0x20 { removeLast() }
  }
}

/// The two letters that make a challenge one that nobody can have typed ahead (UX-14.3).
public enum ConfirmationLetters {
  /// Without `i`, `l` and `o`, which some fonts draw like digits.
  private static let alphabet = [UInt8]("abcdefghjkmnpqrstuvwxyz".utf8)

  /// Two letters, each as likely as any other.
  public static func draw(from random: any RandomSource) -> String {
    var letters: [UInt8] = []
    let fair = 256 / alphabet.count * alphabet.count
    while letters.count < 2 {
      for byte in random.bytes(4) where Int(byte) < fair && letters.count < 2 {
        letters.append(alphabet[Int(byte) % alphabet.count])
      }
    }
    return String(decoding: letters, as: UTF8.self)
  }
}

/// Tells keys that were pressed one by one from a text that came in pieces: a paste without brackets, or
/// typing that a slow link held back. Time alone cannot tell those two apart (ADR 0014) (UX-14.4).
enum Burst {
  /// So many keys within `span` are not pressed by hand.
  static let keys = 4
  static let span = Span(milliseconds: 30)
  /// Keys that come this soon after the one before came together with it.
  static let together = Span(milliseconds: 10)

  /// Returns whether a text whose characters were read at these times came in pieces: four at once
  /// anywhere, or more than half of them together with the one before.
  static func isOne(_ readAt: [Span]) -> Bool {
    let isHeap = zip(readAt, readAt.dropFirst(keys - 1)).contains { $1 - $0 <= span }
    let steps = Array(zip(readAt, readAt.dropFirst()))
    let close = steps.count { $1 - $0 <= together }
    return isHeap || close * 2 > steps.count
  }
}
