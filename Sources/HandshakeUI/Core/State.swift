import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import Text

/// The complete state of the interface, changed only by `update` and drawn by `view`.
public struct State: Equatable, Sendable {
  /// The facts given at the start.
  public let launch: Launch
  /// The terminal's current size in cells.
  public internal(set) var size: Size
  /// The monotonic clock at the last message.
  var uptime: Span

  // What was read from services and files.
  var loader: InboxLoader
  var journal = JournalState()
  var overview = Overview()
  var trustFault: String?
  var requests = Requests()
  /// The handshake to open as soon as it is known.
  var opening: HandshakeID?
  /// The answers planned in an earlier session, until the rows are known.
  var kept: [StagedAnswer] = []

  // What the operator does.
  /// Whether a key has been pressed; until then nobody has chosen the focus.
  var isTouched = false
  var plan = Plan()
  var tab = Tab.inbox
  var lists = ListStates()
  /// The account viewed; nil means all accounts.
  var scope: AccountID?
  var pane = Pane.list
  var factsScroll = 0
  var detail: DetailState?
  /// The reason typed so far, kept when a review is closed before anything was sent.
  var reason: [UInt8] = []
  var dialog: Dialog?
  /// The one-time codes that are needed, the oldest request first.
  var questions: [CodeQuestion] = []
  /// The filter or search text while it is being typed.
  var field: LineEditor?
  /// The keys typed so far of an incomplete command.
  var chord: [Key] = []
  var notice: Notice? {
    didSet {
      if let notice { messages.add(notice, at: now) }
    }
  }
  /// All notices of the session.
  var messages = MessageLog()
  /// Whether the operator asked to read everything again and the reads are in progress.
  var isRefreshing = false
  var quit = QuitState()
  /// The answers sent in this session.
  var sentAnswers: [OutcomeScreen.Entry] = []
  /// The last answer sent for each handshake.
  var results: [HandshakeID: OutcomeScreen.Entry] = [:]

  /// Creates the state before the first read.
  public init(_ launch: Launch) {
    self.launch = launch
    size = launch.size
    uptime = launch.uptime
    scope = launch.account
    opening = launch.opening
    kept = launch.kept
    let profiles = launch.profiles.filter { launch.account == nil || $0.account == launch.account }
    var names: Set<Untrusted> = []
    loader = InboxLoader(
      Inbox(
        profiles: profiles, unresolved: launch.unresolved.filter { names.insert($0).inserted },
        origin: launch.backend == .document ? .document : .service), account: launch.account)
    loader.inbox.preparesTexts = true
    if launch.backend == .local { notice = Notice("DEMO: nothing leaves this machine") }
  }
}

/// The part of a list's screen that the movement keys act on.
enum Pane: Hashable, CaseIterable, Sendable {
  case list
  case facts
}

/// The focus, marks and filter of each list.
struct ListStates: Equatable, Sendable {
  private var states: [Tab: ListState] = [:]

  subscript(tab: Tab) -> ListState {
    get { states[tab] ?? ListState() }
    set { states[tab] = newValue }
  }
}

/// The journal as it is shown.
struct JournalState: Equatable, Sendable {
  var records: [JournalRecord] = []
  var fault: JournalFault?
  /// The line at which the chain breaks.
  var firstBad: BadLine?
  var isRead = false
  /// The columns of the longest id; `numberWidth` of the last line's number.
  var idWidth = 0
  var numberWidth = 0

  mutating func show(_ chain: JournalChain) {
    records = chain.records
    firstBad = chain.firstBad
    fault = nil
    for record in records {
      let id: HandshakeID? =
        switch record.event {
        case .intent(let intent): intent.handshake
        case .mismatch(let id, _, _): id
        case .stopped(_, let notTried): notTried.first
        default: nil
        }
      idWidth = max(idWidth, id?.text.utf8.count ?? 0)
    }
    numberWidth = records.last.map { "\($0.sequence)".utf8.count } ?? 0
  }
}

/// The state of leaving the program.
struct QuitState: Equatable, Sendable {
  /// The time at which C-c was pressed once.
  var asked: Span?
  /// Whether the operator was warned that the plan will be discarded.
  var hasWarned = false
  var isOver = false
}

/// One line above the footer, shown until the next key.
struct Notice: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case news
    case refusal
    case fault
  }

  var text: String
  var kind: Kind

  init(_ text: String, _ kind: Kind = .news) {
    self.text = text
    self.kind = kind
  }

  static let readingAgain = Notice("reading all accounts again")
}

extension State {
  /// The rows and sources read so far.
  var inbox: Inbox {
    // Not copied: a frame asks it many times.
    _read { yield loader.inbox }
    _modify { yield &loader.inbox }
  }

  /// The service's current time, estimated from the local clock until a reply gives it.
  var now: Timestamp {
    inbox.now(at: uptime)
      ?? launch.clock + Span(milliseconds: uptime.milliseconds - launch.uptime.milliseconds)
  }

  /// The context that receives the keys.
  public var place: KeyContext {
    if shownQuestion != nil { return .code }
    if let dialog { return dialog.place }
    if let detail { return detail.raw == nil ? .detail : .raw }
    switch tab {
    case .inbox, .sent, .history: return .list
    case .profiles: return .profiles
    case .audit: return .audit
    }
  }

  /// The time at which the shell should send `.ticked`, on the monotonic clock.
  public var nextTick: Span? {
    let minute = Span(milliseconds: (uptime.milliseconds / 60_000 + 1) * 60_000)
    return [dialog?.nextTick(after: uptime), minute].compactMap(\.self).min()
  }

  /// Whether the review is open, where a confirmation is typed.
  public var isConfirming: Bool {
    if case .review = dialog { true } else { false }
  }

  /// Whether Enter would now send, or start the grace period.
  public var isOneEnterFromSending: Bool {
    if case .review(let review) = dialog { review.confirmation?.isComplete ?? false } else { false }
  }

  /// Whether the session has ended.
  public var isOver: Bool { quit.isOver }
}

/// The five lists, in the order of their keys 1 to 5.
public enum Tab: Int, Hashable, CaseIterable, Sendable {
  case inbox = 1
  case sent
  case history
  case profiles
  case audit

  /// The title in the header.
  public var title: String {
    switch self {
    case .inbox: "Inbox"
    case .sent: "Sent"
    case .history: "History"
    case .profiles: "Profiles"
    case .audit: "Audit"
    }
  }

  /// The selection of handshakes that the list shows; nil if it shows something else.
  public var selection: RowSelection? {
    switch self {
    case .inbox: .inbox
    case .sent: .sent
    case .history: .history
    case .profiles, .audit: nil
    }
  }
}
