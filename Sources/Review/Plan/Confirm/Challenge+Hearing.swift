import Model
import Text

// Which keys are meant for the dialog: not those typed before it could be read, nor what follows bytes
// that nobody typed.

extension Challenge {
  /// A key was read that scrolls or paints and confirms nothing. It still stands between the keys that
  /// do. False while the dialog takes no key.
  public mutating func passes(at now: Span) -> Bool {
    switch phase {
    case .organization, .challenge, .check: break
    case .grace, .confirmed, .stopped, .closed, .locked: return true
    }
    isJustCompleted = false
    // Scrolling confirms nothing, and an arrow that comes in pieces begins with a byte that is no key.
    guard isSilent(at: now) || isDeafUntilSilent else { return false }
    note = nil
    return true
  }

  /// Returns whether the dialog takes this event. What nobody typed is not taken, and takes back what was
  /// typed of the challenge (UX-14.5).
  mutating func hears(_ event: Event, at now: Span) -> Bool {
    switch event {
    case .stray:
      disarm(.stray(cleared: !typed.isEmpty && phase != .organization), at: now)
      return false
    case .pasteBegan, .pasted:
      if !takesPastes { disarm(.pasteRefused, at: now) }
    default: break
    }
    // Going back is always safe, and Esc itself begins with a byte that is no key yet.
    guard isSilent(at: now) || (event == .escape && isDeafUntilSilent) else { return false }
    if case .check(nil) = phase, event != .escape { return false }
    note = nil
    return true
  }

  /// Whether the focus is on a field that pasted text may go to.
  private var takesPastes: Bool { focus == .reason || phase == .organization }

  /// Returns whether the keyboard has been silent for long enough.
  private mutating func isSilent(at now: Span) -> Bool {
    guard now < deafUntil else {
      isDeafUntilSilent = false
      return true
    }
    if isDeafUntilSilent { deafUntil = now + Self.deaf }
    return false
  }

  /// Takes no key until none has come for a while.
  mutating func deafen(at now: Span) {
    deafUntil = max(deafUntil, now + Self.deaf)
    isDeafUntilSilent = true
  }

  /// Takes back what was typed of the challenge. The reason and the expected organization stay: neither
  /// confirms anything.
  private mutating func disarm(_ note: Note, at now: Span) {
    self.note = note
    deafen(at: now)
    guard phase != .organization else { return }
    clear()
    phase = .challenge
  }
}
