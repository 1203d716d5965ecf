import Model
import Text

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
