import Model
import Text

// Which keys are meant for the dialog: neither those typed before it could be read, nor a held key that
// repeats, nor a paste without brackets.

extension Challenge {
  /// A key was read that scrolls or paints and confirms nothing. It still stands between the keys that
  /// do. False while the dialog takes no key.
  public mutating func passes(at now: Span) -> Bool {
    switch phase {
    case .organization, .challenge: break
    case .grace, .confirmed, .stopped, .closed, .locked: return true
    }
    let isHeard = isSilent(at: now)
    remember(now)
    note = nil
    isJustCompleted = false
    guard isHeard else { return false }
    return aloneAt == nil || interrupts(at: now)
  }

  /// Whether the dialog takes this key. One that it does not take may begin the silence anew.
  mutating func hears(_ event: Event, at now: Span) -> Bool {
    let isHeard = isSilent(at: now, stays: event == .escape)
    let isAlone = lately.last.map { now - $0 > Self.alone } ?? true
    remember(now)
    guard isHeard else { return false }
    note = nil
    guard phase == .challenge, focus == .challenge, event != .escape else {
      aloneAt = nil
      return true
    }
    if aloneAt != nil || (kind == .yes && event == .character("y") && !isAlone) {
      return interrupts(at: now)
    }
    return !isRush(event, at: now)
  }

  /// The `y` has stood alone.
  mutating func sendIfAlone(at now: Span) -> Outcome {
    guard let aloneAt, now >= aloneAt else { return .none }
    self.aloneAt = nil
    phase = .confirmed
    return .send
  }

  /// Whether the keyboard has been silent since the dialog could be read.
  private mutating func isSilent(at now: Span, stays: Bool = false) -> Bool {
    guard now < deafUntil else {
      isRushed = false
      return true
    }
    // Letters that only this dialog tells cannot have been on their way to it; a `y` can.
    if !stays, kind == .yes || isRushed { deafUntil = now + Self.deaf }
    return false
  }

  private mutating func remember(_ now: Span) {
    lately = (lately + [now]).suffix(Self.rush)
  }

  /// A `y` that came together with this key is not taken.
  private mutating func interrupts(at now: Span) -> Bool {
    aloneAt = nil
    note = .notAlone
    isRushed = true
    deafUntil = now + Self.deaf
    return false
  }

  /// Whether this key ends more of them at once than hands press, or is a paste's.
  private mutating func isRush(_ event: Event, at now: Span) -> Bool {
    if case .pasted = event {
      note = .pasteRefused
    } else {
      guard lately.count == Self.rush, let first = lately.first, now - first <= Self.paste else {
        return false
      }
      clear()
      note = .cameAtOnce
    }
    isJustCompleted = false
    isRushed = true
    deafUntil = now + Self.deaf
    return true
  }
}
