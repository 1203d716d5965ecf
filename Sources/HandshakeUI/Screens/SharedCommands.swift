import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text
import Wire

/// The commands that mean the same in a list and in an opened handshake.
enum SharedCommands {
  /// Carries out a command on a row; `screen` is the one that it was given to.
  static func perform(
    _ command: Command, on row: Row?, from screen: any Screen, _ session: inout Session
  ) -> Reaction {
    switch command {
    case .go(let go): return Reaction(changes: [.show(go.tab)])
    case .look(.trust):
      return row.map { .open(PanelScreen.trust(in: $0, session)) } ?? .stay
    case .take(let take):
      return row.map { perform(take, on: $0, &session) } ?? .stay
    case .send(.review): return ReviewScreen.begin(session).map { .open($0) } ?? .stay
    case .program(.refreshAll):
      session.notice = .readingAgain
      session.notices.isRefreshing = true
      return .effects(session.refreshAll())
    case .program(.palette): return .open(PaletteScreen(over: screen))
    case .program(.messages): return .open(PanelScreen.messages(session))
    case .program(.help): return .open(HelpScreen(over: screen.context))
    case .move, .look, .find, .mark, .stage, .send, .program: return .unhandled
    }
  }

  private static func perform(
    _ take: Command.Take, on row: Row, _ session: inout Session
  ) -> Reaction {
    switch take {
    case .copyID: return .effects(session.copy(row.id?.text ?? "", as: "id"))
    case .copyMenu: return .open(MenuScreen.copies(of: row, session))
    case .export:
      let name = "\(row.id?.text ?? "handshake").json"
      let bytes = row.handshake.rawJSON + [UInt8(ascii: "\n")]
      return .open(
        PromptScreen(title: "EXPORT JSON TO", field: LineEditor(name), bytes: bytes))
    }
  }

  /// Plans an answer to a row, and says so or why not.
  static func stage(_ answer: Answer, _ row: Row, _ session: inout Session) {
    if let refusal = session.stage(answer, row) {
      let why = session.labels.words(for: refusal, to: answer)
      session.notice = Notice("\(answer.rawValue): \(why)", .refusal)
    } else {
      session.notice = Notice(
        "planned: \(answer.rawValue) \(row.id?.text ?? ""); nothing is sent")
    }
  }

  /// Removes rows from the plan, of which `unmarked` were marked.
  static func unstage(_ keys: [RowKey], unmarked: Int, _ session: inout Session) {
    let dropped = keys.count { $0.id.map { session.plan.unstage($0) != nil } ?? false }
    let ended = unmarked > 0 ? ", \(unmarked) unmarked" : ""
    session.notice = Notice("unplanned: \(dropped) of \(keys.count)\(ended)")
  }

  /// Adds the rows that are waiting, and says how many the list got.
  static func admit(_ tab: Tab, _ session: inout Session) {
    let waiting = tab.selection.map { session.inbox.waiting(in: $0) } ?? 0
    session.inbox.admit()
    if waiting > 0 {
      session.notice = Notice("\(waiting) new \(waiting == 1 ? "row" : "rows") added")
    }
  }
}

extension Command.Go {
  fileprivate var tab: Tab {
    switch self {
    case .inbox: .inbox
    case .sent: .sent
    case .history: .history
    case .profiles, .pick: .profiles
    case .audit: .audit
    }
  }
}

extension Handshake {
  /// The handshake as AWS CLI v2 prints it, in ASCII with escapes for what is not printable.
  var rawJSON: [UInt8] { json(.terminal) }
}
