import Model
import Review
import Text

/// The journal's lines as rows of a table. A line about an attempt is shown with what the attempt was for:
/// its outcome has the handshake, account and organization of its INTENT.
struct JournalRows {
  private let chain: JournalChain
  private let ink: Ink
  private let intents: [IntentID: JournalIntent]

  init(_ chain: JournalChain, _ ink: Ink) {
    self.chain = chain
    self.ink = ink
    intents = chain.records.reduce(into: [:]) { intents, record in
      if case .intent(let intent) = record.event { intents[intent.id] = intent }
    }
  }

  /// For a program; a column that is added stands last but one.
  var table: Table {
    var table = Table(
      ["NO", "TIME", "WHO", "WHAT", "ABOUT", "AS", "ORGANIZATION", "TEXT"], whole: [2, 3, 4, 7])
    for record in chain.records {
      let parts = parts(of: record)
      table.add(
        [
          String(record.sequence), record.moment.time.awsCLIText, ink.full(record.who.name),
          parts.what, parts.about, parts.account, parts.organization, parts.text,
        ], foreign: Set(record.foreign(intents).map(\.rawValue)))
    }
    return table
  }

  /// For a terminal: short times, and what belongs together in one line.
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
          parts.account, parts.organization, ink.full(record.who.name), parts.text,
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
      Parts(what: "begun", text: "journal created on host " + ink.full(host))
    case .torn(let bytes, _):
      Parts(what: "torn", text: "\(bytes) bytes of an incomplete write")
    case .segment(let segment): Parts(what: "new segment", text: segment.words(ink))
    case .intent(let intent):
      parts(
        intent, intent.act.word,
        "attempt \(intent.id.text)" + (intent.reason.map { ": " + ink.full($0) } ?? ""))
    case .outcome(let id, let outcome):
      parts(intents[id], "outcome", "attempt \(id.text): \(outcome.words(ink))")
    case .stopped(let cause, let untried):
      Parts(
        what: "stopped",
        text: cause.words + (untried.isEmpty ? "" : " Not sent: " + untried.listed))
    case .mismatch(let id, let account, let typed):
      Parts(
        what: "mismatch", about: id.text, account: account.text, text: "typed " + ink.full(typed))
    case .trustAdded(let id, let account, let name):
      Parts(
        what: "trust add", about: id.text, account: account.text, organization: id.text,
        text: name.map { ink.full($0) } ?? "")
    case .trustRemoved(let id):
      Parts(what: "trust remove", about: id.text, organization: id.text)
    case .other(let kind):
      Parts(what: ink.full(kind), text: "written by a later version of this program")
    }
  }

  private func parts(_ intent: JournalIntent?, _ what: String, _ text: String) -> Parts {
    Parts(
      what: what, about: intent.map { $0.handshake?.text ?? $0.act.target(ink) } ?? "",
      account: intent?.account.text ?? "",
      organization: intent?.subject.organization?.text ?? "", text: text)
  }
}

/// The columns for a program, in their order.
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
  /// The columns whose cells may be text of others: who did it, what a later version calls it, whom
  /// an invitation went to, and reasons and messages.
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
  func words(_ ink: Ink) -> String {
    "continues \(ink.full(keptAs)): \(bytes) bytes, SHA-256 \(sha256.text)"
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

  fileprivate func target(_ ink: Ink) -> String {
    switch self {
    case .invite(.account(let text)), .invite(.email(let text)): ink.full(text)
    case .answer, .enableAllFeatures: ""
    }
  }
}

extension IntentOutcome {
  fileprivate func words(_ ink: Ink) -> String {
    switch self {
    case .notSent(let text): return "not sent: " + ink.full(text)
    case .done(let id): return "done" + (id.map { ", as \($0.text)" } ?? "")
    case .refused(let refusal):
      let names = [refusal.code, refusal.reason].compactMap { $0.map { ink.full($0) } }
      return "refused: " + names.joined(separator: " ")
    case .unknown(let doubt, let closed):
      return "unknown\(closed ? ", for good" : ""). \(doubt.words)"
    case .doneLater(let proof, _): return "done. \(proof.words)"
    case .notApplied(let state):
      return "not applied" + (state.map { ", it is " + ink.full($0.wireName) } ?? "")
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
