import Model
import Text

extension Challenge {
  public enum Event: Hashable, Sendable {
    case character(Unicode.Scalar)
    case backspace
    case enter
    case tab
    /// Esc, or `^C`.
    case escape
    /// A key that no dialog lists.
    case other
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
    /// The challenge is met: it is sent when the grace is over.
    case armed
    /// Send what was shown.
    case send
    /// A key in the grace: nothing is sent.
    case stopped
    /// The operator went back: nothing is sent, the plan is kept.
    case closed
  }

  public enum Note: Hashable, Sendable {
    case pasteRefused
    case cameAtOnce
    case notAlone
    case incomplete
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
    case .organization, .challenge: break
    }
    switch event {
    case .tick: return sendIfAlone(at: now)
    case .seenWhole:
      isSeenWhole = true
      return .none
    default: break
    }
    guard hears(event, at: now) else { return .none }
    let wasJustCompleted = isJustCompleted
    isJustCompleted = false
    if event == .escape {
      phase = .closed
      return .closed
    }
    if event == .tab {
      focus = focus == .reason ? .challenge : .reason
      return .none
    }
    if focus == .reason {
      edit(event)
      return .none
    }
    switch (kind, phase) {
    case (.yes, _): return answerYes(event, at: now)
    case (_, .organization): return stateOrganization(event)
    default: return meetChallenge(event, wasJustCompleted: wasJustCompleted, at: now)
    }
  }

  private mutating func inGrace(_ event: Event, until: Span, at now: Span) -> Outcome {
    switch event {
    case .seenWhole: return .none
    case .enter where isBounce(at: now): return .none
    case .tick:
      guard now >= until else { return .none }
      phase = .confirmed
      return .send
    case .character, .backspace, .enter, .tab, .escape, .other, .pasted:
      phase = .stopped
      return .stopped
    }
  }

  private func isBounce(at now: Span) -> Bool {
    guard let enteredAt else { return false }
    return now.milliseconds - enteredAt.milliseconds <= Self.bounce.milliseconds
  }

  private mutating func edit(_ event: Event) {
    switch event {
    case .character(let scalar): append(Array(String(scalar).utf8))
    case .pasted(let text): append(text.bytes.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 })
    case .backspace: reason.removeLastScalar()
    // Ends the field and nothing else.
    case .enter: focus = .challenge
    case .tab, .escape, .other, .seenWhole, .tick: break
    }
  }

  private mutating func append(_ bytes: [UInt8]) {
    guard reason.count + bytes.count <= Self.reasonLimit else { return }
    reason.append(contentsOf: bytes)
  }

  private mutating func answerYes(_ event: Event, at now: Span) -> Outcome {
    switch event {
    case .character("y"):
      guard isSeenWhole else { return refuse(.scrollFirst) }
      aloneAt = now + Self.alone
      return .none
    case .character("n"), .enter:
      phase = .closed
      return .closed
    case .pasted: return refuse(.pasteRefused)
    case .character, .backspace, .tab, .escape, .other, .seenWhole, .tick: return .none
    }
  }

  mutating func refuse(_ note: Note) -> Outcome {
    self.note = note
    return .none
  }
}

extension [UInt8] {
  /// Removes the last scalar of UTF-8.
  fileprivate mutating func removeLastScalar() {
    while let last = popLast(), last & 0xC0 == 0x80 {}
  }
}
