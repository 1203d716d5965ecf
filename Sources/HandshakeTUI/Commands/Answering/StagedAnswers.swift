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

  /// Returns why nothing of the command is sent; `nil` when what is staged may be.
  func refusal(of request: AnswerRequest, _ rules: CommandRequest) -> SafetyRefusal? {
    let refused = held.compactMapValues { held -> Plan.Refusal? in
      if case .refused(let refusal) = held { refusal } else { nil }
    }
    return rules.refusal(naming: request.ids, lines: lines, refused: refused)
  }
}
