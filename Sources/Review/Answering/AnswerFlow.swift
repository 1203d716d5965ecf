import Model
import ReviewInbox
import ReviewJournal
import Text

/// The answering of handshakes that are named by id: plan, safety rules, requests, report.
///
/// It decides; the command that uses it reads, sends and prints. The screens decide by the same
/// parts: `Plan`, `ReviewSheet` and `WriteResult`.
public struct AnswerFlow: Equatable, Sendable {
  /// The answer and the flags that confirm it.
  public let request: CommandRequest
  /// The handshakes, in the order in which they were named.
  public let ids: [HandshakeID]
  /// The planned answers, in the same order.
  public private(set) var lines: [ReviewSheet.Line] = []
  /// The handshakes that are not sent, with the reason.
  public private(set) var held: [HandshakeID: Held] = [:]

  /// The reason that a handshake is not sent.
  public enum Held: Hashable, Sendable {
    case unread(BackendError)
    /// There is no account through which it can be searched for.
    case unseen
    case refused(Plan.Refusal)
  }

  /// A named handshake, and how far it came.
  public enum Entry: Equatable, Sendable {
    case planned(ReviewSheet.Line)
    case ended(ReviewSheet.Line, WriteResult)
    case held(HandshakeID, Held)
  }

  /// Creates a flow before anything was read; an id that is named twice counts once.
  public init(_ request: CommandRequest, naming ids: [HandshakeID]) {
    self.request = request
    var named: Set<HandshakeID> = []
    self.ids = ids.filter { named.insert($0).inserted }
  }

  /// Returns the accounts that would answer, whose unresolved attempts have to be reconciled first
  /// (SEC-4.4.12).
  public func actors(in inbox: Inbox) -> Set<AccountID> {
    Set(ids.compactMap { inbox.row($0)?.actor(for: request.answer) })
  }

  /// Plans the answers to the handshakes that were found, at the service's time `now`.
  public mutating func plan(_ search: HandshakeSearch, from place: ServicePlace, at now: Timestamp?)
  {
    let inbox = search.inbox
    var plan = Plan()
    lines = []
    held = [:]
    for id in ids {
      guard let row = inbox.row(id) else {
        held[id] = search.errors[id].map { .unread($0) } ?? .unseen
        continue
      }
      switch plan.stage(request.answer, row, in: inbox, from: place, at: now) {
      case .success(let item): lines.append(ReviewSheet.Line(item, in: inbox, shownIn: []))
      case .failure(let refusal): held[id] = .refused(refusal)
      }
    }
  }

  /// The reason to send nothing at all; nil if the planned answers may be sent.
  public var refusal: SafetyRefusal? {
    let refused = held.compactMapValues { held -> Plan.Refusal? in
      if case .refused(let refusal) = held { refusal } else { nil }
    }
    return request.refusal(naming: ids, lines: lines, refused: refused)
  }

  /// The requests to send, one for each planned answer.
  public var writes: [WriteRequest] { lines.map { .answer($0.item) } }

  /// Returns how far each named handshake came, in their order.
  ///
  /// `results` are those of `writes`; there are none before the run.
  public func entries(_ results: [WriteResult] = []) -> [Entry] {
    var planned: [HandshakeID: Entry] = [:]
    for (index, line) in lines.enumerated() where planned[line.item.id] == nil {
      planned[line.item.id] =
        results.indices.contains(index) ? .ended(line, results[index]) : .planned(line)
    }
    return ids.compactMap { id in planned[id] ?? held[id].map { .held(id, $0) } }
  }
}

extension AnswerFlow.Entry {
  /// The handshake.
  public var id: HandshakeID {
    switch self {
    case .planned(let line), .ended(let line, _): line.item.id
    case .held(let id, _): id
    }
  }

  /// What became of it; a planned answer is as it should be.
  public var status: AnswerStatus {
    switch self {
    case .planned: .done
    case .ended(_, let result): result.status
    case .held(_, let held): held.status
    }
  }

  /// Whether the run ended before it was tried.
  public var isUntried: Bool {
    if case .ended(_, let result) = self { result.outcome.isUntried } else { false }
  }
}

/// What became of one or several requests, as the exit status of a command tells it (UX-21.5).
public enum AnswerStatus: Hashable, CaseIterable, Sendable {
  /// The outcome of a request is unknown; it must not be sent again.
  case unknown
  /// Some are done and others are not, or what is done is not recorded.
  case partly
  /// A rule of this program was against it, before anything was sent.
  case refused
  /// It failed, and nothing was applied.
  case failed
  case done

  /// Returns the status of several requests: the first of these cases that applies (UX-21.6).
  public static func combined(_ statuses: [AnswerStatus]) -> AnswerStatus {
    let isMixed = statuses.contains(.done) && statuses.contains { $0 != .done }
    let found = Set(statuses + (isMixed ? [.partly] : []))
    return allCases.first(where: found.contains) ?? .done
  }
}

extension AnswerFlow.Held {
  /// What the reason means for the exit status.
  public var status: AnswerStatus {
    switch self {
    case .unread, .unseen: .failed
    case .refused: .refused
    }
  }
}

extension WriteResult {
  /// What the result means for the exit status.
  public var status: AnswerStatus {
    switch outcome {
    // It is done, but not recorded.
    case .done: unwritten == nil ? .done : .partly
    case .refused, .notSent, .notApplied, .notTried: .failed
    case .heldBack(let cause): cause.status
    case .unknown: .unknown
    }
  }
}

extension PreflightFailure {
  fileprivate var status: AnswerStatus {
    switch self {
    case .unreadable, .journal: .failed
    case .openIntent: .unknown
    case .changed, .damaged, .settled, .expiring, .callerChanged, .membershipChanged,
      .trustChanged, .rulesUnreadable, .stale, .heldElsewhere, .noBackend:
      .refused
    }
  }
}

extension WriteOutcome {
  /// Whether the request is done.
  public var isDone: Bool {
    if case .done = self { true } else { false }
  }

  /// Whether the run ended before the request was tried.
  public var isUntried: Bool {
    if case .notTried = self { true } else { false }
  }

  /// Whether the row leaves the plan: it was answered, or its answer failed.
  ///
  /// An answer that was not tried stays, and so does one with an unknown outcome, which the review
  /// bars (UX-16.4).
  public var leavesPlan: Bool {
    switch self {
    case .done, .refused, .notSent, .notApplied: true
    case .heldBack(.openIntent), .unknown, .notTried: false
    case .heldBack: true
    }
  }

  /// Whether the handshake may differ from what was shown, so that it is read again.
  public var wantsReading: Bool {
    switch self {
    case .refused, .notApplied, .heldBack(.changed), .heldBack(.settled), .heldBack(.expiring): true
    case .done, .notSent, .heldBack, .unknown, .notTried: false
    }
  }
}

/// One answer of a run, and its result.
public struct SentAnswer: Hashable, Sendable {
  /// The answer.
  public var item: PlanItem
  /// Its result.
  public var result: WriteResult

  /// Creates an answer with its result.
  public init(item: PlanItem, result: WriteResult) {
    self.item = item
    self.result = result
  }
}
