import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import Text

extension Explanation {
  /// Explains why a command was refused before anything was sent.
  ///
  /// `answer` is the answer that the command gives.
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
    case .organizationDiffers(let account, let organization):
      self.init(
        rule: "\(account.text) is in \(organization?.text ?? "no organization"), which is not the "
          + "organization in --expect-org.",
        "Compare the ticket with `handshake info`. Do not copy the id from this output.")
    }
  }

  /// Creates the explanation of a safety rule and its remedy.
  private init(rule why: String, _ remedy: String) {
    self.init(what: "Refused by a safety rule, nothing sent", why: why, remedy: remedy)
  }

  /// Explains why a planned answer was not sent: the handshake is not as it was shown.
  ///
  /// The first three changes are listed, the others counted.
  public init(_ id: HandshakeID, changed: [Change], in charset: Charset) {
    let fields = changed.prefix(3).map { $0.words(in: charset) }
    let more = changed.count > 3 ? ["and \(changed.count - 3) more"] : []
    self.init(
      what: "\(id.text) was not sent: it changed since it was shown.",
      why: (fields + more).joined(separator: "; ") + ".",
      remedy: "Review it again.")
  }

  /// Explains a syntax error in a filter.
  public init(_ problem: RowFilter.Problem, in charset: Charset) {
    let meaning = problem.meaning(in: charset)
    self.init(what: "invalid filter", why: meaning.why, remedy: meaning.remedy)
  }
}

extension RowFilter.Problem {
  /// Returns the error in words; the remedy is part of the sentence.
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

  /// Returns a valid term with this key.
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
  /// Returns the change in words, such as `state: OPEN is now CANCELED`.
  ///
  /// Text from outside goes through the sanitiser.
  public func words(in charset: Charset) -> String {
    func shown(_ text: Untrusted?) -> String {
      text.map { Sanitiser.render($0, for: .dialog, in: charset) } ?? "absent"
    }
    return "\(field.words(in: charset)): \(shown(before)) is now \(shown(now))"
  }
}

extension Change.Field {
  /// Returns the name of the field; of a resource, the path of its types.
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

extension Check {
  /// Returns the fact that was checked, in a clause without a full stop.
  ///
  /// Ids are printable as they are.
  public func words(in charset: Charset) -> String {
    switch fact {
    case .identified(let account):
      verdict == .passed
        ? "signed in as \(account.text) (STS)"
        : "account \(account.text) is not confirmed"
    case .mayAnswer(let answer, nil): "this account can \(answer.rawValue) it"
    case .mayAnswer(let answer, let impediment?):
      Explanation(impediment, to: answer, in: charset).why
    case .timeLeft(nil): "the record has no expiry time"
    case .timeLeft(let left?): left <= .zero ? "expired" : "\(left.words) left"
    case .trust(let trust, let organization, let account):
      trust.words(organization?.text ?? "the organization", account?.text ?? "its manager")
    case .onlyAccept(let account, nil): "no other accept is planned for \(account.text)"
    case .onlyAccept(let account, let other?):
      "BLOCKED: \(account.text) already has \(other.text) planned"
    case .openInvitations(let account, let count):
      count > 1
        ? "\(count) open invitations to \(account.text); it can accept only one"
        : "no other open invitation to \(account.text)"
    case .invitationsUnknown(let account):
      "unknown whether there are others to \(account.text): not everything was read"
    case .hiddenText(let count):
      switch count {
      case 0: "no hidden characters in the sender's text"
      case 1: "1 hidden character in the sender's text, shown here"
      default: "\(count) hidden characters in the sender's text, shown here"
      }
    case .openAttempt(nil):
      "not known whether an earlier attempt is unresolved: no journal was read"
    case .openAttempt(let isOpen?):
      isOpen
        ? "an earlier attempt is unresolved"
        : "no unresolved earlier attempt"
    case .locked: "locked: a wrong organization id was entered twice"
    }
  }
}

extension Challenge.Note {
  /// The text below the field of the confirmation dialog.
  public var words: String {
    switch self {
    case .pasteRefused: "Pasted text is ignored here. Type it by hand."
    case .stray(cleared: true): "The terminal sent bytes that are not a key. Type it again."
    case .stray(cleared: false): "The terminal sent bytes that are not a key. Check what you typed."
    case .incomplete(let asked): "Incomplete: type  \(asked)  exactly."
    case .notJustCompleted: "Press Enter right after the last letter. Type it again."
    case .reasonMissing: "A reason is required: type it and press Enter."
    case .scrollFirst: "Scroll to the last row first."
    case .notAnOrganization: "Not an organization id: o- and 10 to 32 letters or digits."
    case .mismatch(let left):
      "Mismatch: another organization sent this. Recorded. "
        + (left == 1 ? "One more locks the row." : "\(left) more lock the row.")
    }
  }
}
