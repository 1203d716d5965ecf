import Model
import Text

// The members of each kind of record, in the order in which they are written. Their reading is in
// `JournalRecord+Reading.swift`: change both.

extension JournalText {
  mutating func add(_ who: Operator) {
    add("login", who.login)
    add("sudo", who.behindSudo)
    add("loginuid", who.loginUID.map { Int64($0) })
    add("tty", who.terminal)
  }

  mutating func add(_ event: JournalEvent) {
    switch event {
    case .genesis(let host, let random):
      add("format", 1)
      add("host", host)
      add("random", random)
    case .torn(let count, let digest):
      add("bytes", Int64(count))
      add("sha256", digest.text)
    case .segment(let segment):
      add("file", segment.keptAs)
      add("bytes", Int64(segment.bytes))
      add("sha256", segment.sha256.text)
      add("line", segment.firstBadLine.map { Int64($0) })
    case .intent(let intent):
      add(intent)
    case .outcome(let id, let outcome):
      add("intent", id.text)
      add(outcome)
    case .stopped(let cause, let notTried):
      add("cause", cause.rawValue)
      add("notTried", notTried.map(\.text))
    case .mismatch(let id, let account, let typed):
      add("id", id.text)
      add("account", account.text)
      add("typed", typed)
    case .trustAdded(let organization, let account, let name):
      add("organization", organization.text)
      add("managementAccount", account.text)
      add("name", name)
    case .trustRemoved(let organization):
      add("organization", organization.text)
    case .other:
      break
    }
  }

  private mutating func add(_ intent: JournalIntent) {
    add("intent", intent.id.text)
    switch intent.act {
    case .answer(let answer, let id, let fingerprint):
      add("act", answer.rawValue)
      add("id", id.text)
      add("digest", fingerprint.hex)
    case .invite(.account(let account)):
      add("act", "invite-account")
      add("target", account)
    case .invite(.email(let address)):
      add("act", "invite-email")
      add("target", address)
    case .enableAllFeatures:
      add("act", "enable-all-features")
    }
    add("account", intent.account.text)
    add("caller", intent.caller)
    add("backend", intent.place.backend.rawValue)
    add("address", intent.place.address)
    add("partition", intent.place.partition)
    add("reason", intent.reason)
    add("attempt", Int64(intent.attempt))
    add("asked", intent.asked.journalText)
    add("action", intent.subject.action?.wireName)
    add("organization", intent.subject.organization?.text)
    add("sender", intent.subject.sender?.text)
    add("joins", intent.subject.joins ? 1 : 0)
    add("senderName", intent.subject.senderName)
  }

  private mutating func add(_ outcome: IntentOutcome) {
    switch outcome {
    case .notSent(let why):
      add("message", why)
    case .done(let id):
      add("id", id?.text)
    case .refused(let refusal):
      add("code", refusal.code)
      add("reason", refusal.reason)
      add("message", refusal.message)
      add("requestId", refusal.requestID)
    case .unknown(let doubt, let closed):
      add("doubt", doubt.rawValue)
      add("closed", closed ? 1 : 0)
    case .doneLater(let proof, let id):
      add("proof", proof.rawValue)
      add("id", id?.text)
    case .notApplied(let state):
      add("state", state?.wireName)
    }
  }
}
