import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text

/// The part of the interface's state that does not depend on which screen is open: what was read,
/// what is planned and was sent, the requests in progress, and the time.
struct Session: Equatable, Sendable {
  /// The facts given at the start.
  let launch: Launch
  /// The terminal's current size in cells.
  var size: Size
  /// The monotonic clock at the last message.
  private(set) var uptime: Span
  var loader: InboxLoader
  var journal = JournalState()
  /// The reason why the trust list could not be read.
  var trustFault: String?
  /// The account viewed; nil means all accounts.
  private(set) var scope: AccountID?
  var plan = Plan()
  var answers: AnswerHistory
  var requests = Requests()
  var notices = Notices()
  /// Derived cache; ignored by `==`.
  var overview = Overview()

  /// Creates the state before the first read.
  init(_ launch: Launch) {
    self.launch = launch
    size = launch.size
    uptime = launch.uptime
    scope = launch.account
    answers = AnswerHistory(kept: launch.kept)
    let profiles = launch.profiles.filter { launch.account == nil || $0.account == launch.account }
    var names: Set<Untrusted> = []
    loader = InboxLoader(
      Inbox(
        profiles: profiles, unresolved: launch.unresolved.filter { names.insert($0).inserted },
        origin: launch.backend == .document ? .document : .service), account: launch.account)
    loader.inbox.preparesTexts = true
    if launch.backend == .local { notice = Notice("DEMO: nothing leaves this machine") }
  }

  /// Advances the monotonic clock, which never goes back.
  mutating func pass(to uptime: Span) { self.uptime = max(self.uptime, uptime) }

  /// Restricts every listing to the handshakes of one account; to none for nil.
  mutating func setScope(_ account: AccountID?) {
    scope = account
    inbox.setScope(account, at: now)
  }
}

extension Session {
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

  /// The notice that is shown; every notice that is set is kept in the log.
  var notice: Notice? {
    get { notices.current }
    set {
      let time = now
      notices.show(newValue, at: time)
    }
  }

  /// The formatter of values as the screens show them.
  var format: Formatter { Formatter(charset: launch.charset, now: now, zone: launch.zone) }

  var labels: Labels {
    Labels(inbox: inbox, isDocument: launch.backend == .document, format: format)
  }

  /// The reason why nothing can be sent; against AWS the screens start read-only without `--write`.
  var readOnlyReason: String {
    switch launch.backend {
    case .local: "this session is read-only: start without --read-only to answer"
    case .aws, .sandbox: "this session is read-only: start with --write to answer"
    case .document: "a saved document is read-only: start without --input to answer"
    }
  }

  /// The account viewed, or `all accounts`; the file's name for a document, which names no account.
  var whose: String {
    guard let scope else {
      guard launch.backend == .document else { return "all accounts" }
      let path = launch.place.address
      let name = path.bytes.split(separator: UInt8(ascii: "/")).last.map { Array($0) } ?? []
      return path == Untrusted("-") ? "standard input" : format.cell(Untrusted(bytes: name))
    }
    let name = labels.name(of: scope)
    return name == scope.text ? name : "\(scope.text) \(name)"
  }
}

extension Session {
  /// The state of the listings of the accounts viewed.
  var sourceSummary: SourceSummary { currentOverview.sources }

  /// The cached overview, or a new one if accounts have changed.
  var currentOverview: Overview {
    overview.isCurrent(for: inbox, in: scope) ? overview : Overview(of: inbox, in: scope, format)
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

extension JournalState {
  /// Returns the record of a number.
  func record(_ number: Int) -> JournalRecord? { records.last { $0.sequence == number } }

  /// Returns the handshake that a journal line is about, if it is about one.
  func handshake(of record: JournalRecord) -> HandshakeID? {
    switch record.event {
    case .intent(let intent): intent.handshake
    case .outcome(let id, _): intent(id)?.handshake
    case .mismatch(let id, _, _): id
    case .stopped(_, let notTried): notTried.first
    case .genesis, .torn, .segment, .trustAdded, .trustRemoved, .other: nil
    }
  }

  /// Returns the INTENT of an attempt.
  func intent(_ id: IntentID) -> JournalIntent? {
    for record in records.reversed() {
      if case .intent(let intent) = record.event, intent.id == id { return intent }
    }
    return nil
  }

  /// Returns whether the journal, as last read, has a final outcome for an attempt.
  func isResolved(_ id: IntentID) -> Bool {
    records.contains { record in
      if case .outcome(id, let outcome) = record.event { outcome.isEnd } else { false }
    }
  }
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
