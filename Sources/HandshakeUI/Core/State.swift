import Drawing
import Model
import Review
import Text

/// All that the interface knows. Changed by `update` alone, drawn by `view`.
public struct State: Equatable, Sendable {
  public let launch: Launch
  public internal(set) var size: Size
  /// The monotonic clock as it was last told.
  var uptime: Span

  // What was read.
  var inbox: Inbox
  var journal = JournalState()
  var overview = Overview()
  var trustFault: String?
  var requests = Requests()
  /// The handshake to open as soon as it is known.
  var opening: HandshakeID?
  /// What an earlier session had staged, until the rows are known.
  var kept: [KeptAnswer] = []

  // What the operator does.
  /// Whether a key has been pressed: until then the focus is nobody's choice.
  var isTouched = false
  var plan = Plan()
  var tab = Tab.inbox
  var lists = Lists()
  /// Whose eyes: one account's, or nil for all.
  var scope: AccountID?
  var pane = Pane.list
  var factsScroll = 0
  var detail: DetailState?
  /// The reason as far as it was typed: it outlasts a review that was closed before anything was sent.
  var reason: [UInt8] = []
  var dialog: Dialog?
  /// One-time codes that are waited for, the oldest first.
  var questions: [CodeQuestion] = []
  /// The filter or the search while it is typed.
  var field: LineEditor?
  /// Keys that may become a command with those to come.
  var chord: [Key] = []
  var notice: Notice? {
    didSet {
      if let notice { messages.add(notice, at: now) }
    }
  }
  /// All that was said on the notice line.
  var messages = MessageLog()
  /// Whether the operator had everything read again, and it is not read yet.
  var isRefreshing = false
  var quit = QuitState()
  /// What was sent in this session.
  var deeds: [OutcomeScreen.Entry] = []
  /// The last of them for each handshake.
  var results: [HandshakeID: OutcomeScreen.Entry] = [:]

  public init(_ launch: Launch) {
    self.launch = launch
    size = launch.size
    uptime = launch.uptime
    scope = launch.account
    opening = launch.opening
    kept = launch.kept
    let profiles = launch.profiles.filter { launch.account == nil || $0.account == launch.account }
    var names: Set<Untrusted> = []
    inbox = Inbox(
      profiles: profiles, unresolved: launch.unresolved.filter { names.insert($0).inserted },
      origin: launch.backend == .document ? .document : .service)
    inbox.preparesTexts = true
    if launch.backend == .local { notice = Notice("DEMO: nothing leaves this machine") }
  }
}

/// Which part of a list's screen the moving keys move in.
enum Pane: Hashable, CaseIterable, Sendable {
  case list
  case facts
}

/// Where the operator is in each list.
struct Lists: Equatable, Sendable {
  private var states: [Tab: ListState] = [:]

  subscript(tab: Tab) -> ListState {
    get { states[tab] ?? ListState() }
    set { states[tab] = newValue }
  }
}

/// The journal as far as it is shown.
struct JournalState: Equatable, Sendable {
  var records: [JournalRecord] = []
  var fault: JournalFault?
  /// Where the chain breaks.
  var firstBad: BadLine?
  var isRead = false
  /// Columns of the longest id, and of the longest number.
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

/// How far leaving has come.
struct QuitState: Equatable, Sendable {
  /// When C-c was pressed once.
  var asked: Span?
  /// Whether it was said that the plan will be forgotten.
  var hasWarned = false
  var isOver = false
}

/// One line above the footer, until the next key.
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
  /// The service's time, as far as it is known.
  var now: Timestamp {
    inbox.now(at: uptime)
      ?? launch.clock + Span(milliseconds: uptime.milliseconds - launch.uptime.milliseconds)
  }

  /// What is on top and takes the keys.
  public var place: Place {
    if shownQuestion != nil { return .code }
    if let dialog { return dialog.place }
    if let detail { return detail.raw == nil ? .detail : .raw }
    switch tab {
    case .inbox, .sent, .history: return .list
    case .profiles: return .profiles
    case .audit: return .audit
    }
  }

  /// When the shell should send `.ticked`, on the monotonic clock; nil when nothing on the screen
  /// changes with time.
  public var nextTick: Span? {
    let minute = Span(milliseconds: (uptime.milliseconds / 60_000 + 1) * 60_000)
    return [dialog?.nextTick(after: uptime), minute].compactMap(\.self).min()
  }

  /// Whether a confirmation is typed now.
  public var isConfirming: Bool {
    if case .review = dialog { true } else { false }
  }

  /// Whether the next key sends, or starts the countdown, if it is Enter.
  public var isOneEnterFromSending: Bool {
    if case .review(let review) = dialog { review.confirmation?.isComplete ?? false } else { false }
  }

  /// Whether the interface has come to its end.
  public var isOver: Bool { quit.isOver }
}

/// The five lists, in the order of their keys 1 to 5.
public enum Tab: Int, Hashable, CaseIterable, Sendable {
  case inbox = 1
  case sent
  case history
  case profiles
  case audit

  public var title: String {
    switch self {
    case .inbox: "Inbox"
    case .sent: "Sent"
    case .history: "History"
    case .profiles: "Profiles"
    case .audit: "Audit"
    }
  }

  /// The handshakes of this list; nil for a list of something else.
  public var selection: RowSelection? {
    switch self {
    case .inbox: .inbox
    case .sent: .sent
    case .history: .history
    case .profiles, .audit: nil
    }
  }
}
