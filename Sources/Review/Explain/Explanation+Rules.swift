import Model
import Text

extension Explanation {
  /// Why a command was refused before anything was sent.
  public init(_ refusal: SafetyRefusal, to answer: Answer, in charset: Charset) {
    switch refusal {
    case .readOnly:
      self.init(rule: "This session is read-only.", "Leave out --read-only to answer.")
    case .document:
      self.init(
        rule: "A saved document is read-only, and does not tell what the account is in: what an "
          + "answer does cannot be told from it.",
        "Leave out --input: the service itself knows.")
    case .reasonMissing:
      self.init(
        rule: "A reason is required.", "Give --reason with the ticket or the cause.")
    case .confirmationMissing:
      self.init(rule: "It has to be confirmed by a flag.", "Add --yes.")
    case .expectationMissing:
      self.init(
        rule: "The organization that is expected has to be given.",
        "Give --expect-org with the id from the ticket, not from a screen.")
    case .otherOrganization(let id):
      self.init(
        rule: "\(id.text) does not come from the organization in --expect-org.",
        "Compare the ticket with `handshake show \(id.text)`. Do not just put in its id.")
    case .notAlone(let id, let reasons):
      self.init(
        rule:
          "\(id.text) has to be answered alone: \(reasons.map(\.words).joined(separator: ", ")).",
        "Name it as the only id of a command.")
    case .notStaged(let id, let refusal):
      self.init(refusal, to: answer, in: charset)
      what = "\(id.text) was not \(answer.participle): nothing was sent."
    case .changed(let id, let changes):
      self.init(id, changed: changes, in: charset)
    case .organizationDiffers(let account, let organization):
      self.init(
        rule: "\(account.text) is in \(organization?.text ?? "no organization"), which is not the "
          + "organization in --expect-org.",
        "Compare the ticket with `handshake info`. Do not just put in its id.")
    }
  }

  private init(rule why: String, _ remedy: String) {
    self.init(
      what: "Nothing was sent: a safety rule stands against it.", why: why, remedy: remedy)
  }

  /// Why a row that was staged is not sent: it is not as it was shown.
  public init(_ id: HandshakeID, changed: [Change], in charset: Charset) {
    let fields = changed.prefix(3).map { $0.words(in: charset) }
    let more = changed.count > 3 ? ["and \(changed.count - 3) more"] : []
    self.init(
      what: "\(id.text) was not sent: it changed since it was shown.",
      why: (fields + more).joined(separator: "; ") + ".",
      remedy: "Look at it as it is now, and decide anew.")
  }

  /// Why a filter was not understood, and what to write instead.
  public init(_ problem: RowFilter.Problem, in charset: Charset) {
    let meaning = problem.meaning(in: charset)
    self.init(what: "The filter was not understood.", why: meaning.why, remedy: meaning.remedy)
  }
}

extension RowFilter.Problem {
  fileprivate func meaning(in charset: Charset) -> Meaning {
    let keys = RowFilter.keys.map { $0 + ":" }.joined(separator: " ")
    switch self {
    case .unknownKey(let key):
      let shown = Sanitiser.render(key, for: .dialog, in: charset)
      return Meaning("There is no \(shown):", "Write one of \(keys), or the text in quotes.")
    case .emptyValue(let key):
      return Meaning("Nothing stands behind \(key):", "Write \(Self.example(of: key)).")
    case .notAState(let text):
      return Meaning(
        "\(Sanitiser.render(text, for: .dialog, in: charset)) is no state.",
        "Write state: and pending, requested, open, accepted, declined, canceled or expired.")
    case .notATrust(let text):
      return Meaning(
        "\(Sanitiser.render(text, for: .dialog, in: charset)) is no trust.",
        "Write trust:ok, trust:own, trust:new or trust:like.")
    case .notAnExpiry(let text):
      return Meaning(
        "\(Sanitiser.render(text, for: .dialog, in: charset)) is no time left.",
        "Write expires:<3d or expires:>48h, with m, h or d.")
    case .openQuote:
      return Meaning("A quote is not closed.", "Write a second \" behind the text.")
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
    case .damage: "parts that could not be read"
    case .party(let type): "party " + Sanitiser.render(type.wireName, for: .dialog, in: charset)
    case .resource(let path):
      path.map { Sanitiser.render($0.wireName, for: .dialog, in: charset) }
        .joined(separator: " > ")
    }
  }
}
