import Model
import Review
import Text

/// The handshakes that a command names, as they were found: frozen for sending, or why not.
struct StagedAnswers: Sendable {
  let inbox: Inbox
  /// In the order of the command.
  private(set) var lines: [ReviewSheet.Line] = []
  private(set) var held: [HandshakeID: Held] = [:]

  /// Why one is not sent.
  enum Held: Hashable, Sendable {
    case unread(BackendError)
    /// No account is there through which it could be looked for.
    case unseen
    case refused(Plan.Refusal)
  }

  init(
    _ request: AnswerRequest, _ found: HandshakeSearch.Found, at place: ServicePlace,
    now time: any TimeSource
  ) {
    inbox = found.inbox
    var plan = Plan()
    let now = found.inbox.now(at: time.uptime())
    for id in request.ids {
      guard let row = found.inbox.row(id) else {
        held[id] = found.errors[id].map { .unread($0) } ?? .unseen
        continue
      }
      switch plan.stage(request.answer, row, in: found.inbox, from: place, at: now) {
      case .success(let item):
        lines.append(ReviewSheet.Line(item, in: found.inbox, shownIn: []))
      case .failure(let refusal):
        held[id] = .refused(refusal)
      }
    }
  }

  /// What stands against the command as a whole: nothing of it is sent then.
  func refusal(of request: AnswerRequest, _ rules: CommandRequest) -> SafetyRefusal? {
    for id in request.ids {
      // Which of the two is meant cannot be told.
      if case .refused(.secondAccept(let other, let account)) = held[id] {
        return .notStaged(id, .secondAccept(other, account))
      }
    }
    if let refusal = rules.refusal(of: lines) { return refusal }
    guard request.answer == .accept, request.ids.count > 1,
      let alone = lines.first(where: { $0.ruling.tier == .t3 })
    else { return nil }
    return .notAlone(alone.item.id, alone.ruling.reasons)
  }
}
