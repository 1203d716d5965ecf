import Model
import Review

extension Status {
  /// What a command ends with whose ids came to these: some done and some not is partly; nobody
  /// knowing counts before all.
  static func ofSeveral(_ statuses: [Status]) -> Status {
    let isMixed = statuses.contains(.done) && statuses.contains { $0 != .done }
    return worst(statuses + (isMixed ? [.partly] : []))
  }
}

extension ErrandResult {
  var status: Status {
    switch outcome {
    // It is done, and not written down.
    case .done: unwritten == nil ? .done : .partly
    case .refused, .notSent, .notApplied, .notTried: .failed
    case .heldBack(let cause): cause.status
    case .unknown: .unknown
    }
  }
}

extension HoldBack {
  fileprivate var status: Status {
    switch self {
    case .unreadable, .journal: .failed
    case .openIntent: .unknown
    case .changed, .damaged, .settled, .expiring, .callerChanged, .membershipChanged,
      .trustChanged, .rulesUnreadable, .stale, .heldElsewhere, .noBackend:
      .refused
    }
  }
}

extension StagedAnswers.Held {
  var status: Status {
    switch self {
    case .unread, .unseen: .failed
    case .refused: .refused
    }
  }
}

extension ErrandOutcome {
  var isUntried: Bool {
    if case .notTried = self { true } else { false }
  }
}
