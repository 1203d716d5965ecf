import Model
import Text

extension Check {
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

extension Trust {
  fileprivate func words(_ organization: String, _ account: String) -> String {
    switch self {
    case .ok: "\(organization) with \(account) is in your trust list"
    case .own: "\(organization) is the account's own organization"
    case .new: "\(organization) with \(account) is not in your trust list"
    }
  }
}

extension Span {
  /// `1 d 18 h`, `42 min`: what is left, rounded down.
  public var words: String {
    let minutes = max(0, milliseconds) / 60_000
    let (hours, days) = (minutes / 60, minutes / 1_440)
    if days > 0 { return "\(days) d \(hours % 24) h" }
    if hours > 0 { return "\(hours) h \(minutes % 60) min" }
    return "\(minutes) min"
  }

  /// Seconds, rounded up: what a countdown shows.
  public var wholeSeconds: Int64 { max(0, milliseconds - 1) / 1_000 + (milliseconds > 0 ? 1 : 0) }

  /// `6d`, and under 48 hours `42h`; under one `59m`: at most four columns up to 999 days.
  public var shortWords: String {
    let minutes = max(0, milliseconds) / 60_000
    if minutes >= 2_880 { return "\(minutes / 1_440)d" }
    if minutes >= 60 { return "\(minutes / 60)h" }
    return "\(minutes)m"
  }
}

extension TierRuling.Reason {
  /// Why an accept is confirmed alone.
  public var words: String {
    switch self {
    case .notTrusted: "the organization is not in your trust list"
    case .lookAlike: "its name looks like that of another organization that you know"
    // Without either account: they tell which organization it is, which the operator is to say first.
    case .otherManager: "your trust list has it with ANOTHER management account"
    case .movesOut(let id): "the account leaves \(id.text)"
    case .mayMoveOut: "the account's current organization is unknown"
    case .finalisesAllFeatures: "it enables all features permanently"
    case .transfersBilling: "it transfers billing"
    }
  }

  /// The same in a word or two, for a title.
  public var title: String {
    switch self {
    case .notTrusted: "NOT TRUSTED"
    case .lookAlike: "like! LOOK-ALIKE"
    case .otherManager: "OTHER MGMT ACCOUNT"
    case .movesOut: "LEAVES ITS ORG"
    case .mayMoveOut: "MAY LEAVE ITS ORG"
    case .finalisesAllFeatures: "ENABLES ALL FEATURES"
    case .transfersBilling: "TRANSFERS BILLING"
    }
  }
}

extension Challenge.Note {
  /// What the dialog says below the field.
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
