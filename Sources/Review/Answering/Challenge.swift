import Model
import ReviewInbox
import ReviewJournal
import Text

/// The confirmation dialog between a plan and its sending, as a state machine.
///
/// Its input is keys, each with the time at which it was read; times are on uptime. Nothing is sent
/// unless `update` returns `.send` (UX-14).
public struct Challenge: Hashable, Sendable {
  /// The tier and the answers that are confirmed.
  public let kind: Kind
  /// The two random letters of this dialog.
  public let letters: String
  /// The step of the dialog that has been reached.
  public internal(set) var phase: Phase
  /// The field that keys go to.
  public internal(set) var focus = Focus.challenge
  /// The bytes typed of the phrase, or of the expected organization.
  public internal(set) var typed: [UInt8] = []
  /// The bytes of the reason, UTF-8, at most 512.
  public internal(set) var reason: [UInt8]
  /// The message below the field, until the next key.
  public internal(set) var note: Note?

  /// The time before which no key is accepted.
  var deafUntil: Span
  /// Whether each key that is read before `deafUntil` moves it on, until there is a silence.
  var isDeafUntilSilent: Bool
  let grace: Span
  /// Whether the last row has been on the screen: nothing that is typed of the phrase counts
  /// before.
  public internal(set) var isSeenWhole: Bool
  /// The times at which the typed characters of the phrase were read.
  var readAt: [Span] = []
  /// Whether the last key that was read completed the phrase.
  var isJustCompleted = false
  /// The time of the confirming Enter.
  var enteredAt: Span?
  /// The time at which the grace expects its next `tick`.
  var tickDue: Span?
  /// The number of wrong organizations stated for this row.
  var mismatches: Int

  /// The tier of a confirmation and the answers that it covers.
  public enum Kind: Hashable, Sendable {
    /// T1: a plan without accepts, with these numbers of declines and cancels.
    case noAccepts(declines: Int, cancels: Int)
    /// T2: this number of accepts, and the declines and cancels with them.
    case batch(accepts: Int)
    /// T3: one accept, from this organization.
    case alone(HandshakeID, OrganizationID)
  }

  /// The step of the dialog.
  public enum Phase: Hashable, Sendable {
    /// T3: the operator states the organization that is expected.
    case organization
    case challenge
    /// These two letters have to be typed as well; nil until they have been drawn.
    ///
    /// The phrase came in a burst, as pasted text does, or typing over a slow link. The letters
    /// were drawn after it was read.
    case check(String?)
    /// Armed: sending starts at this time.
    case grace(until: Span)
    case confirmed
    /// Stopped in the grace.
    case stopped
    case closed
    case locked
  }

  /// The field that has the focus.
  public enum Focus: Hashable, Sendable {
    case challenge
    case reason
  }

  /// The time without keys after a dialog opens, and after bytes that were not typed (UX-7.2).
  public static let deaf = Span(milliseconds: 300)
  /// The time after the confirming Enter in which another Enter counts as a held key (UX-15.2).
  public static let bounce = Span(milliseconds: 500)
  /// The interval at which the grace expects a `tick`.
  public static let tick = Span(milliseconds: 250)
  /// The delay of a tick that ends the grace: the program was stopped, or frozen (UX-15.3).
  public static let lateness = Span(milliseconds: 500)
  /// The most bytes of a reason (UX-14.2).
  static let reasonLimit = 512
  /// The most bytes of the phrase or organization field.
  static let fieldLimit = 64

  /// Opens a dialog at uptime `opened`.
  ///
  /// `seenWhole` says whether everything that will be sent fits on the screen. `reason` and
  /// `mismatches` are kept from an earlier dialog.
  public init(
    _ kind: Kind, letters: String, opened: Span, grace: Span, seenWhole: Bool,
    reason: [UInt8] = [], mismatches: Int = 0
  ) {
    self.kind = kind
    self.letters = letters
    deafUntil = opened + Self.deaf
    // A phrase without letters of this dialog may have been typed before the dialog opened.
    isDeafUntilSilent = !kind.hasLetters
    self.grace = grace
    isSeenWhole = seenWhole
    self.reason = reason
    self.mismatches = mismatches
    if case .alone = kind { phase = .organization } else { phase = .challenge }
    // A missing reason is asked for before the phrase; an organization is stated first of all.
    if phase != .organization, isReasonMissing { focus = .reason }
  }

  /// The text that has to be typed now, exactly; nil if there is none.
  public var asked: String? {
    switch phase {
    case .challenge: kind.phrase(letters: letters)
    case .check(let letters): letters
    case .organization, .grace, .confirmed, .stopped, .closed, .locked: nil
    }
  }

  /// Whether a reason is required and is blank.
  public var isReasonMissing: Bool {
    kind.needsReason && Untrusted(bytes: reason).isBlank
  }

  /// Whether an Enter now would confirm it.
  public var isComplete: Bool {
    focus == .challenge && isJustCompleted && !isReasonMissing && isTyped
  }

  /// Whether Enter starts a grace, as for every step with an accept unless the setting is 0.
  ///
  /// Declines and cancels without an accept are sent without one.
  public var hasGrace: Bool { kind.needsReason && grace > .zero }

  /// Whether sending starts by itself when the grace is over.
  public var isInGrace: Bool { if case .grace = phase { true } else { false } }

  /// The time at which the dialog needs its next `tick`; nil outside the grace.
  public var nextTick: Span? { isInGrace ? tickDue : nil }

  /// Whether the typed bytes are exactly the text that is asked for.
  var isTyped: Bool { asked.map { typed == Array($0.utf8) } ?? false }
}

extension Challenge.Kind {
  /// Returns the phrase that confirms it.
  ///
  /// It names every answer that will be sent, or contains letters that only this dialog shows
  /// (UX-2.2).
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
  /// An input of the dialog.
  public enum Event: Hashable, Sendable {
    case character(Unicode.Scalar)
    case backspace
    /// `^U`: clears the field.
    case deleteLine
    /// `^W`: deletes the last word.
    case deleteWord
    case enter
    case tab
    /// Esc, or `^C`.
    case escape
    /// A key that the dialog does not use.
    case other
    /// Bytes that are not a key, or not yet: a lone ESC, half a character, a part of a torn control
    /// sequence.
    case stray
    /// The start of a bracketed paste; its text follows as `pasted`, or never.
    case pasteBegan
    /// The text of a bracketed paste.
    case pasted(Untrusted)
    /// The last row of what will be sent has come on the screen.
    case seenWhole
    case tick
  }

  /// The act that the caller has to carry out.
  public enum Outcome: Hashable, Sendable {
    /// Go on showing the dialog.
    case none
    /// A wrong organization was stated: record it. The true one must not be shown.
    case mismatch(Untrusted)
    /// A wrong organization was stated once too often: record it, and lock the row.
    ///
    /// It leaves the plan until the program is started again.
    case locked(Untrusted)
    /// The phrase came in a burst: draw two letters, show them, and pass them to `check(_:at:)`.
    case burst
    /// The phrase is confirmed: it is sent when the grace is over.
    case armed
    /// Send what was shown.
    case send
    /// A key was read in the grace: nothing is sent.
    case stopped
    /// A tick of the grace was late by this time, because the program did not run: nothing is sent.
    case overslept(Span)
    /// The operator went back: nothing is sent, the plan is kept.
    case closed
  }

  /// The message below the field.
  public enum Note: Hashable, Sendable {
    case pasteRefused
    /// Bytes that are not a key were read; `cleared` if they cleared what was typed.
    case stray(cleared: Bool)
    /// This text is still asked for.
    case incomplete(String)
    case notJustCompleted
    case reasonMissing
    case scrollFirst
    case notAnOrganization
    case mismatch(left: Int)
  }
}

extension Challenge {
  /// Handles one event that was read at uptime `now`, and returns what the caller has to do.
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

  /// Handles a tick of the grace.
  ///
  /// Nobody can stop a program that does not run, so a grace in which it did not run does not
  /// count.
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

  /// Returns the next time that is a whole number of ticks before `until`.
  ///
  /// The seconds that are shown count down evenly by it.
  static func nextTick(after now: Span, until: Span) -> Span {
    let left = max(1, (until - now).milliseconds)
    return Span(milliseconds: now.milliseconds + (left - 1) % tick.milliseconds + 1)
  }

  /// Moves to the other field, unless the reason is missing: the phrase does not count without it.
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
    // Enter ends the field and nothing else.
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

  /// Removes the spaces at the end, and the bytes before them back to a space.
  mutating func removeLastWord() {
    while last == 0x20 { removeLast() }
    while let last, last != 0x20 { removeLast() }
  }
}

/// The two letters of a dialog, which nobody can have typed before it opened (UX-14.3).
public enum ConfirmationLetters {
  /// The alphabet without `i`, `l` and `o`, which some fonts draw like digits.
  private static let alphabet = [UInt8]("abcdefghjkmnpqrstuvwxyz".utf8)

  /// Returns two letters, each as likely as any other.
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

/// The test that separates keys pressed one by one from a text that came in pieces.
///
/// Such a text is a paste without brackets, or typing that a slow link held back. Time alone cannot
/// separate those two (ADR 0014) (UX-14.4).
enum Burst {
  /// The number of keys within `span` that nobody presses by hand.
  static let keys = 4
  static let span = Span(milliseconds: 30)
  /// The time between two keys that counts as coming together.
  static let together = Span(milliseconds: 10)

  /// Returns whether a text whose characters were read at these times came in pieces.
  ///
  /// It did if four came within `span` anywhere, or more than half of them together with the one
  /// before.
  static func isOne(_ readAt: [Span]) -> Bool {
    let isHeap = zip(readAt, readAt.dropFirst(keys - 1)).contains { $1 - $0 <= span }
    let steps = Array(zip(readAt, readAt.dropFirst()))
    let close = steps.count { $1 - $0 <= together }
    return isHeap || close * 2 > steps.count
  }
}
