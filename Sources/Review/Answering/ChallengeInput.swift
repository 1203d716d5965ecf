import Model
import ReviewInbox
import ReviewJournal
import Text

// MARK: - Stating the organization

extension Challenge {
  mutating func stateOrganization(_ event: Event) -> Outcome {
    switch event {
    case .character(let scalar): type(scalar)
    case .backspace: typed.removeLastScalar()
    case .deleteLine: typed = []
    case .deleteWord: typed.removeLastWord()
    case .pasted(let text):
      let stated = text.bytes.filter { $0 > 0x20 && $0 != 0x7F }
      if typed.count + stated.count <= Self.fieldLimit { typed.append(contentsOf: stated) }
    case .enter: return compareOrganization()
    case .tab, .escape, .other, .stray, .pasteBegan, .seenWhole, .tick: break
    }
    return .none
  }

  private mutating func type(_ scalar: Unicode.Scalar) {
    let bytes = Array(String(scalar).utf8)
    if typed.count + bytes.count <= Self.fieldLimit { typed.append(contentsOf: bytes) }
  }

  private mutating func compareOrganization() -> Outcome {
    guard case .alone(_, let expected) = kind else { return .none }
    let stated = Untrusted(bytes: typed)
    guard let text = stated.asciiText, let id = OrganizationID(withOrWithoutPrefix: text) else {
      return refuse(.notAnOrganization)
    }
    typed = []
    if id == expected {
      phase = .challenge
      // The sender and the payer are named only now: they have not been on the screen yet.
      isSeenWhole = false
      if isReasonMissing { focus = .reason }
      return .none
    }
    mismatches += 1
    guard mismatches < Plan.mismatchesAllowed else {
      phase = .locked
      return .locked(stated)
    }
    note = .mismatch(left: Plan.mismatchesAllowed - mismatches)
    return .mismatch(stated)
  }
}

// MARK: - The challenge

extension Challenge {
  mutating func meetChallenge(
    _ event: Event, wasJustCompleted: Bool, at now: Span
  ) -> Outcome {
    switch event {
    case .character(let scalar): return typeChallenge(scalar, at: now)
    case .backspace:
      _ = typed.popLast()
      _ = readAt.popLast()
    case .deleteLine: clear()
    case .deleteWord:
      typed.removeLastWord()
      readAt.removeLast(readAt.count - typed.count)
    case .enter: return enter(wasJustCompleted: wasJustCompleted, at: now)
    case .tab, .escape, .other, .stray, .pasteBegan, .pasted, .seenWhole, .tick: break
    }
    return .none
  }

  private mutating func typeChallenge(_ scalar: Unicode.Scalar, at now: Span) -> Outcome {
    guard isSeenWhole else { return refuse(.scrollFirst) }
    guard scalar.isASCII, typed.count < Self.fieldLimit else {
      clear()
      return refuse(.incomplete(asked ?? ""))
    }
    typed.append(UInt8(scalar.value))
    readAt.append(now)
    guard isTyped else { return .none }
    // Letters that were drawn after the phrase had been read cannot be in a paste, however they
    // come.
    guard phase == .challenge, Burst.isOne(readAt) else {
      isJustCompleted = true
      return .none
    }
    clear()
    phase = .check(nil)
    deafen(at: now)
    return .burst
  }

  /// Asks for these letters as well, which were drawn after the phrase had come in a burst.
  ///
  /// No key is accepted before 300 ms of silence: keys that come before the letters can have been
  /// read are not meant for them (UX-14.4).
  public mutating func check(_ letters: String, at now: Span) {
    guard phase == .check(nil) else { return }
    phase = .check(letters)
    deafen(at: now)
  }

  mutating func clear() {
    typed = []
    readAt = []
    isJustCompleted = false
  }

  private mutating func enter(wasJustCompleted: Bool, at now: Span) -> Outcome {
    guard isTyped else {
      // An Enter ends the attempt: what was typed before it is not part of the next one.
      clear()
      return refuse(.incomplete(asked ?? ""))
    }
    guard wasJustCompleted else {
      clear()
      return refuse(.notJustCompleted)
    }
    guard !isReasonMissing else {
      clear()
      focus = .reason
      return refuse(.reasonMissing)
    }
    enteredAt = now
    guard hasGrace else {
      phase = .confirmed
      return .send
    }
    let until = Span(milliseconds: now.milliseconds + grace.milliseconds)
    phase = .grace(until: until)
    tickDue = Self.nextTick(after: now, until: until)
    return .armed
  }
}

// The keys that are meant for the dialog: not those typed before it could be read, nor what follows
// bytes that nobody typed.

extension Challenge {
  /// Notes a key that scrolls or redraws, and returns whether it may do so.
  ///
  /// The key confirms nothing, but an Enter after it does not follow the completed phrase directly.
  /// False while the dialog accepts no key.
  public mutating func passes(at now: Span) -> Bool {
    switch phase {
    case .organization, .challenge, .check: break
    case .grace, .confirmed, .stopped, .closed, .locked: return true
    }
    isJustCompleted = false
    // Scrolling confirms nothing, and an arrow that comes in pieces begins with a byte that is not
    // a key.
    guard isSilent(at: now) || isDeafUntilSilent else { return false }
    note = nil
    return true
  }

  /// Returns whether the dialog accepts this event.
  ///
  /// Bytes that are not a key are not accepted, nor a paste where the phrase is typed; both clear
  /// what was typed of the phrase (UX-14.5).
  mutating func hears(_ event: Event, at now: Span) -> Bool {
    switch event {
    case .stray:
      // In the check the phrase was complete, and is asked for from its beginning.
      let isChecked = if case .check = phase { true } else { false }
      let isCleared = phase != .organization && (isChecked || !typed.isEmpty)
      disarm(.stray(cleared: isCleared), at: now)
      return false
    case .pasteBegan, .pasted:
      if !takesPastes { disarm(.pasteRefused, at: now) }
    default: break
    }
    // Going back is always safe, and Esc itself begins with a byte that is not a key yet.
    guard isSilent(at: now) || (event == .escape && isDeafUntilSilent) else { return false }
    if case .check(nil) = phase, event != .escape { return false }
    note = nil
    return true
  }

  /// Whether the focus is on a field that accepts pasted text.
  private var takesPastes: Bool { focus == .reason || phase == .organization }

  /// Returns whether keys are accepted at `now`.
  ///
  /// If silence is required, a key before it restarts the wait.
  private mutating func isSilent(at now: Span) -> Bool {
    guard now < deafUntil else {
      isDeafUntilSilent = false
      return true
    }
    if isDeafUntilSilent { deafUntil = now + Self.deaf }
    return false
  }

  /// Accepts no key until none has been read for 300 ms.
  mutating func deafen(at now: Span) {
    deafUntil = max(deafUntil, now + Self.deaf)
    isDeafUntilSilent = true
  }

  /// Clears what was typed of the phrase, and asks for the whole phrase again.
  ///
  /// The reason and the expected organization stay: neither confirms anything.
  private mutating func disarm(_ note: Note, at now: Span) {
    self.note = note
    deafen(at: now)
    guard phase != .organization else { return }
    clear()
    phase = .challenge
  }
}
