import Model
import Review
import Text

/// One line of the journal as a row of a table.
struct JournalRow {
  private let record: JournalRecord
  private let ink: Ink

  init(_ record: JournalRecord, _ ink: Ink) {
    self.record = record
    self.ink = ink
  }

  var cells: [String] {
    let (what, about, actor, text) = parts
    return [
      String(record.sequence), record.moment.time.awsCLIText, ink.full(record.who.name), what,
      about, actor, text,
    ]
  }

  /// The columns whose cells may be text of others: who did it, what a later version calls it, whom
  /// an invitation went to, and reasons and messages.
  var foreign: Set<Int> {
    switch record.event {
    case .genesis, .torn, .segment, .stopped, .trustRemoved: [2]
    case .intent(let intent): intent.handshake == nil ? [2, 4, 6] : [2, 6]
    case .outcome, .mismatch, .trustAdded: [2, 6]
    case .other: [2, 3]
    }
  }

  private var parts: (what: String, about: String, actor: String, text: String) {
    switch record.event {
    case .genesis(let host, _): ("begun", "", "", "on " + ink.full(host))
    case .torn(let bytes, _): ("torn", "", "", "\(bytes) bytes of a write that never ended")
    case .segment(let segment):
      ("new segment", "", "", segment.words(ink))
    case .intent(let intent):
      (
        intent.act.word, intent.handshake?.text ?? intent.act.target(ink), intent.account.text,
        "attempt \(intent.id.text)" + (intent.reason.map { ": " + ink.full($0) } ?? "")
      )
    case .outcome(let id, let outcome):
      ("outcome", "", "", "attempt \(id.text): \(outcome.words(ink))")
    case .stopped(let cause, let untried):
      (
        "stopped", "", "",
        cause.words + (untried.isEmpty ? "" : " Not tried: " + untried.listed)
      )
    case .mismatch(let id, let account, let typed):
      ("mismatch", id.text, account.text, "typed " + ink.full(typed))
    case .trustAdded(let id, let account, let name):
      ("trust add", id.text, account.text, name.map { ink.full($0) } ?? "")
    case .trustRemoved(let id): ("trust remove", id.text, "", "")
    case .other(let kind): (ink.full(kind), "", "", "of a later version of this program")
    }
  }
}

extension JournalSegment {
  func words(_ ink: Ink) -> String {
    "\(ink.full(keptAs)) is the journal before this one: \(bytes) bytes, SHA-256 \(sha256.text)"
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
    case .hash: "its hash is not that of its bytes"
    case .gap: "it does not follow the line before it"
    case .noGenesis: "the journal does not begin with its first line"
    case .cutOff: "it is gone, or not the one that open.json knows"
    }
  }
}
