import Model
import Text

extension Explanation {
  /// Why a command was refused before anything was sent.
  public init(_ refusal: SafetyRefusal, to answer: Answer, in charset: Charset) {
    switch refusal {
    case .readOnly:
      self.init(rule: "This session is read-only.", "Run it without --read-only to answer.")
    case .document:
      self.init(
        rule:
          "A saved document is read-only: it does not contain the account's organization, so an "
          + "answer's effects are unknown.",
        "Run it without --input.")
    case .reasonMissing:
      self.init(
        rule: "A reason is required.", "Give --reason with the ticket or the cause.")
    case .confirmationMissing:
      self.init(rule: "Confirmation is required.", "Add --yes.")
    case .expectationMissing:
      self.init(
        rule: "The expected organization is required.",
        "Give --expect-org with the id from the ticket, not from a screen.")
    case .otherOrganization(let id):
      self.init(
        rule: "\(id.text) was not sent by the organization in --expect-org.",
        "Compare the ticket with `handshake show \(id.text)`. Do not copy the id from this output.")
    case .notAlone(let id, let reasons):
      self.init(
        rule:
          "\(id.text) must be answered alone: \(reasons.map(\.words).joined(separator: ", ")).",
        "Run the command with this id only.")
    case .notStaged(let id, let refusal):
      self.init(refusal, to: answer, in: charset)
      what = "\(id.text) was not \(answer.participle): nothing was sent."
    case .changed(let id, let changes):
      self.init(id, changed: changes, in: charset)
    case .organizationDiffers(let account, let organization):
      self.init(
        rule: "\(account.text) is in \(organization?.text ?? "no organization"), which is not the "
          + "organization in --expect-org.",
        "Compare the ticket with `handshake info`. Do not copy the id from this output.")
    }
  }

  private init(rule why: String, _ remedy: String) {
    self.init(what: "Refused by a safety rule, nothing sent", why: why, remedy: remedy)
  }

  /// Why a row that was staged is not sent: it is not as it was shown.
  public init(_ id: HandshakeID, changed: [Change], in charset: Charset) {
    let fields = changed.prefix(3).map { $0.words(in: charset) }
    let more = changed.count > 3 ? ["and \(changed.count - 3) more"] : []
    self.init(
      what: "\(id.text) was not sent: it changed since it was shown.",
      why: (fields + more).joined(separator: "; ") + ".",
      remedy: "Review it again.")
  }

  /// Why a filter was not understood, and what to write instead.
  public init(_ problem: RowFilter.Problem, in charset: Charset) {
    let meaning = problem.meaning(in: charset)
    self.init(what: "invalid filter", why: meaning.why, remedy: meaning.remedy)
  }
}

extension RowFilter.Problem {
  fileprivate func meaning(in charset: Charset) -> Meaning {
    let keys = RowFilter.keys.joined(separator: " ")
    switch self {
    case .unknownKey(let key):
      let shown = Sanitiser.render(key, for: .dialog, in: charset)
      return Meaning("Unknown filter key \"\(shown)\". Keys: \(keys)", "")
    case .emptyValue(let key):
      return Meaning("\(key): needs a value, e.g. \(Self.example(of: key))", "")
    case .notAState(let text):
      return Meaning(
        "Unknown state \"\(Sanitiser.render(text, for: .dialog, in: charset))\": use pending, "
          + "requested, open, accepted, declined, canceled, expired", "")
    case .notATrust(let text):
      return Meaning(
        "Unknown trust \"\(Sanitiser.render(text, for: .dialog, in: charset))\": use ok, own, new, "
          + "like", "")
    case .notAnExpiry(let text):
      return Meaning(
        "Invalid time left \"\(Sanitiser.render(text, for: .dialog, in: charset))\": use "
          + "expires:<3d or expires:>48h, in m, h or d", "")
    case .openQuote:
      return Meaning("Missing closing quote: add a \" after the text", "")
    }
  }

  private static func example(of key: String) -> String {
    switch key {
    case "state": "state:open"
    case "trust": "trust:new"
    case "expires": "expires:<3d"
    case "action": "action:invite"
    case "org": "org:o-a1b2"
    default: "\(key):1111"
    }
  }
}

extension Change {
  /// `state: OPEN is now CANCELED`
  public func words(in charset: Charset) -> String {
    func shown(_ text: Untrusted?) -> String {
      text.map { Sanitiser.render($0, for: .dialog, in: charset) } ?? "absent"
    }
    return "\(field.words(in: charset)): \(shown(before)) is now \(shown(now))"
  }
}

extension Change.Field {
  fileprivate func words(in charset: Charset) -> String {
    switch self {
    case .id: "id"
    case .arn: "ARN"
    case .action: "action"
    case .state: "state"
    case .requested: "requested"
    case .expires: "expires"
    case .damage: "damaged parts"
    case .party(let type): "party " + Sanitiser.render(type.wireName, for: .dialog, in: charset)
    case .resource(let path):
      path.map { Sanitiser.render($0.wireName, for: .dialog, in: charset) }
        .joined(separator: " > ")
    }
  }
}
