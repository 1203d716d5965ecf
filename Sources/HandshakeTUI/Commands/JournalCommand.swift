import Arguments
import Model
import ReviewAnswering
import ReviewJournal
import ReviewWording
import Text

/// The command `handshake journal`.
enum JournalCommand {
  static let declaration = CommandDeclaration<any Subcommand>(
    "journal", summary: "Show what was sent from here, by whom, why, and the outcome.",
    children: [
      JournalShowCommand.declaration, JournalVerifyCommand.declaration,
      JournalNewSegmentCommand.declaration,
    ], defaultChild: "show")
}

/// The command `handshake journal` without a subcommand.
struct JournalShowCommand: Subcommand {
  static let declaration = CommandDeclaration(
    "show", summary: "Show the journal's records; with --json as they are stored.",
    start: JournalShowCommand())

  func perform(_ run: CommandContext) throws(CommandFailure) -> Status {
    if run.settings.json {
      // Our lines are ASCII. Foreign ones may have been added, and must not control a terminal.
      let bytes = try run.journalBytes()
      try run.console.write(
        run.console.isTerminal(.output) ? Self.printable(bytes) : bytes, to: .output)
      if try run.chain().firstBad != nil { run.noteBrokenChain() }
      return .done
    }
    let chain = try run.chain()
    guard !chain.records.isEmpty else {
      run.note("the journal is empty")
      return .done
    }
    let rows = JournalRows(chain, run.format)
    let table = run.isWide ? rows.table : rows.terminalTable
    try run.put(table.text(run.layout, on: run.terminal))
    if chain.firstBad != nil { run.noteBrokenChain() }
    return .done
  }

  private static func printable(_ bytes: [UInt8]) -> [UInt8] {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let shown = lines.map {
      Sanitiser.render(Untrusted(bytes: Array($0)), for: .log, in: .ascii)
    }
    return Array(shown.joined(separator: "\n").utf8)
  }
}

/// The command `handshake journal verify`.
struct JournalVerifyCommand: Subcommand {
  static let declaration = CommandDeclaration(
    "verify", summary: "Check the journal's hash chain: 0 if it is intact, 1 if it is broken.",
    discussion: """
      The chain shows changed, removed and moved lines. A cut-off end shows only by comparison \
      with the head that was printed when it was last written. open.json, the index of unresolved \
      attempts, is compared with the journal: 1 if it was changed.
      """,
    start: JournalVerifyCommand())

  func perform(_ run: CommandContext) throws(CommandFailure) -> Status {
    let chain = try run.chain()
    if let bad = chain.firstBad {
      throw CommandFailure(
        .failed, "the journal is broken at line \(bad.line)", why: bad.fault.words,
        remedy: """
          Keep the file for the investigation: handshake journal new-segment --yes sets it aside \
          unchanged, and starts a new journal.
          """)
    }
    if chain.isBroken {
      throw CommandFailure(
        .failed, "the journal could not be written to the disk",
        why: "its last lines may be lost",
        remedy: "Check the disk; then, to send again: handshake journal new-segment --yes.")
    }
    if chain.index == .edited {
      throw CommandFailure(
        .failed, "open.json is not as this program wrote it",
        why: "its hash is wrong, or its attempts differ from the journal's",
        remedy: """
          Nothing is lost: the journal is intact, and only the journal decides what is sent. Find out \
          who changed the file; it is rewritten with the journal's next line.
          """)
    }
    guard let head = chain.head else {
      try run.put("whole: empty\n")
      return .done
    }
    let torn = chain.torn > 0 ? ", \(chain.torn) cut short by a loss of power" : ""
    let tail = chain.tail.isEmpty ? "" : ", \(chain.tail.count) bytes of a line not ended"
    try run.put("whole: \(chain.records.count) lines\(torn)\(tail)\n")
    try run.put("head: \(head.sequence) \(head.hash.text)\n")
    if let words = chain.index.words { run.note(words) }
    return .done
  }
}

extension JournalChain.IndexState {
  /// The note of `verify` about the index; nil when there is none.
  fileprivate var words: String? {
    let why: String
    switch self {
    case .fits, .edited: return nil
    case .missing: why = "does not exist"
    case .torn: why = "was cut short by a loss of power"
    case .outdated: why = "was written by an earlier version"
    }
    return "open.json \(why): it is ignored, and rewritten with the journal's next line"
  }
}

extension CommandContext {
  fileprivate func noteBrokenChain() {
    note("the chain is broken: see handshake journal verify")
  }

  /// Reads the journal and checks its chain.
  ///
  /// - Throws: `CommandFailure` when there is no home directory, or the journal cannot be read.
  func chain() throws(CommandFailure) -> JournalChain {
    try settings.places.requireComplete()
    do throws(JournalFault) {
      return try journal.read()
    } catch { throw CommandFailure(error, format) }
  }

  /// Reads the journal's bytes unchecked.
  ///
  /// - Throws: `CommandFailure` when the journal cannot be read.
  func journalBytes() throws(CommandFailure) -> [UInt8] {
    do throws(JournalFault) {
      return try journal.file.reading { access throws(JournalFault) in try access.bytes(from: 0) }
    } catch { throw CommandFailure(error, format) }
  }
}

/// The command `handshake journal new-segment`.
struct JournalNewSegmentCommand: Subcommand {
  static let declaration = CommandDeclaration(
    "new-segment",
    summary: "Set a damaged journal aside unchanged, and start a new one that refers to it.",
    discussion: """
      The damaged file is kept beside the new one as journal.jsonl.damaged-1 (-2, and so \
      on); the new chain contains its hash. Unresolved attempts are carried over. A line \
      cut short by a loss of power does not need this: the next line records it.
      """,
    start: JournalNewSegmentCommand()
  ) {
    [
      .flag("--yes", \.yes, "Confirm. Required.")
    ]
  }

  var yes = false

  func perform(_ run: CommandContext) throws(CommandFailure) -> Status {
    try run.refuseReadOnly()
    try run.settings.places.requireComplete()
    guard yes else {
      throw CommandFailure(
        .refused, "a new journal is started only with --yes",
        remedy: "Check the damage first: handshake journal verify.")
    }
    guard let (kept, carried) = try begin(run) else {
      throw CommandFailure(
        .refused, "the journal is intact", why: "new-segment is for a damaged journal")
    }
    try run.put("\(kept.words(run.format))\n")
    if carried > 0 { try run.put("carried over: \(carried) unresolved\n") }
    if let head = try run.chain().head {
      try run.put("head: \(head.sequence) \(head.hash.text)\n")
    }
    return .done
  }

  private func begin(
    _ run: CommandContext
  ) throws(CommandFailure) -> (kept: JournalSegment, carried: Int)? {
    do throws(JournalFault) {
      return try run.journal.beginSegment()
    } catch { throw CommandFailure(error, run.format) }
  }
}

/// The journal's lines as rows of a table.
///
/// A line about an attempt is shown with the attempt's request: an outcome has the handshake,
/// account and organization of its INTENT.
struct JournalRows {
  private let chain: JournalChain
  private let format: Formatter
  private let intents: [IntentID: JournalIntent]

  init(_ chain: JournalChain, _ format: Formatter) {
    self.chain = chain
    self.format = format
    intents = chain.records.reduce(into: [:]) { intents, record in
      if case .intent(let intent) = record.event { intents[intent.id] = intent }
    }
  }

  /// The table for a program; a new column is inserted before the last one.
  var table: Table {
    var table = Table(
      ["NO", "TIME", "WHO", "WHAT", "ABOUT", "AS", "ORGANIZATION", "TEXT"], whole: [2, 3, 4, 7])
    for record in chain.records {
      let parts = parts(of: record)
      table.add(
        [
          String(record.sequence), record.moment.time.awsCLIText, format.full(record.who.name),
          parts.what, parts.about, parts.account, parts.organization, parts.text,
        ], foreign: Set(record.foreign(intents).map(\.rawValue)))
    }
    return table
  }

  /// The table for a terminal, with short times and related cells in one line.
  var terminalTable: Table {
    let order: [JournalColumn] = [
      .number, .time, .what, .about, .account, .organization, .who, .text,
    ]
    var table = Table(
      ["NO", "TIME", "WHAT", "ABOUT", "AS", "ORGANIZATION", "WHO", "TEXT"],
      whole: [2, 3, 6, 7])
    for record in chain.records {
      let parts = parts(of: record)
      let foreign = record.foreign(intents)
      table.add(
        [
          String(record.sequence), record.moment.time.minuteText, parts.what, parts.about,
          parts.account, parts.organization, format.full(record.who.name), parts.text,
        ], foreign: Set(order.indices.filter { foreign.contains(order[$0]) }))
    }
    return table
  }

  private struct Parts {
    var what: String
    var about = ""
    var account = ""
    var organization = ""
    var text = ""
  }

  private func parts(of record: JournalRecord) -> Parts {
    switch record.event {
    case .genesis(let host, _):
      Parts(what: "begun", text: "journal created on host " + format.full(host))
    case .torn(let bytes, _):
      Parts(what: "torn", text: "\(bytes) bytes of an incomplete write")
    case .segment(let segment): Parts(what: "new segment", text: segment.words(format))
    case .intent(let intent):
      parts(
        intent, intent.act.word,
        "attempt \(intent.id.text)" + (intent.reason.map { ": " + format.full($0) } ?? ""))
    case .outcome(let id, let outcome):
      parts(intents[id], "outcome", "attempt \(id.text): \(outcome.words(format))")
    case .stopped(let cause, let untried):
      Parts(
        what: "stopped",
        text: cause.words + (untried.isEmpty ? "" : " Not sent: " + untried.listed))
    case .mismatch(let id, let account, let typed):
      Parts(
        what: "mismatch", about: id.text, account: account.text, text: "typed " + format.full(typed)
      )
    case .trustAdded(let id, let account, let name):
      Parts(
        what: "trust add", about: id.text, account: account.text, organization: id.text,
        text: name.map { format.full($0) } ?? "")
    case .trustRemoved(let id):
      Parts(what: "trust remove", about: id.text, organization: id.text)
    case .other(let kind):
      Parts(what: format.full(kind), text: "written by a later version of this program")
    }
  }

  private func parts(_ intent: JournalIntent?, _ what: String, _ text: String) -> Parts {
    Parts(
      what: what, about: intent.map { $0.handshake?.text ?? $0.act.target(format) } ?? "",
      account: intent?.account.text ?? "",
      organization: intent?.subject.organization?.text ?? "", text: text)
  }
}

/// The columns of the table for a program, in their order.
private enum JournalColumn: Int {
  case number
  case time
  case who
  case what
  case about
  case account
  case organization
  case text
}

extension JournalRecord {
  /// The columns with untrusted text.
  ///
  /// It is the operator's name, the event's name in a later version, the target of an invitation,
  /// and reasons and messages.
  fileprivate func foreign(_ intents: [IntentID: JournalIntent]) -> Set<JournalColumn> {
    func attempt(_ intent: JournalIntent?) -> Set<JournalColumn> {
      intent?.handshake == nil ? [.who, .about, .text] : [.who, .text]
    }
    switch event {
    case .genesis, .torn, .segment, .stopped, .trustRemoved: return [.who]
    case .intent(let intent): return attempt(intent)
    case .outcome(let id, _): return attempt(intents[id])
    case .mismatch, .trustAdded: return [.who, .text]
    case .other: return [.who, .what]
    }
  }
}

extension JournalSegment {
  func words(_ format: Formatter) -> String {
    "continues \(format.full(keptAs)): \(bytes) bytes, SHA-256 \(sha256.text)"
  }
}

extension [HandshakeID] {
  fileprivate var listed: String { map(\.text).joined(separator: " ") }
}

extension JournalIntent.Act {
  fileprivate var word: String {
    switch self {
    case .answer(let answer, _, _): answer.rawValue
    case .invite: "invite"
    case .enableAllFeatures: "enable-all-features"
    }
  }

  fileprivate func target(_ format: Formatter) -> String {
    switch self {
    case .invite(.account(let text)), .invite(.email(let text)): format.full(text)
    case .answer, .enableAllFeatures: ""
    }
  }
}

extension BadLine.Fault {
  var words: String {
    switch self {
    case .unreadable: "it cannot be read"
    case .hash: "its hash does not match its contents"
    case .gap: "it does not continue the line before it"
    case .noGenesis: "the journal does not begin with its first line"
    case .cutOff: "it is missing, or not the one in open.json"
    }
  }
}
