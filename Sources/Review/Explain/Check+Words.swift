import Model
import Text

extension Check {
  public func words(in charset: Charset) -> String {
    switch fact {
    case .identified(let account):
      verdict == .passed
        ? "\(account.text) is the account that answers, as STS tells"
        : "\(account.text) has not been identified"
    case .mayAnswer(let answer, nil): "the handshake can be \(answer.participle) by this account"
    case .mayAnswer(let answer, let impediment?):
      Explanation(impediment, to: answer, in: charset).why
    case .timeLeft(nil): "it does not say when it expires"
    case .timeLeft(let left?): left <= .zero ? "its time is over" : "\(left.words) left"
    case .trust(let trust, let organization, let account):
      trust.words(organization?.text ?? "the organization", account?.text ?? "its manager")
    case .onlyAccept(let account, nil): "no other accept is planned for \(account.text)"
    case .onlyAccept(let account, let other?):
      "BLOCKED: \(account.text) is to accept \(other.text) already"
    case .openInvitations(let account, let count):
      count > 1
        ? "\(count) open invitations ask \(account.text): it can accept one"
        : "no other open invitation asks \(account.text)"
    case .invitationsUnknown(let account):
      "not known whether others ask \(account.text): not all was read"
    case .hiddenText(let count):
      switch count {
      case 0: "the sender's texts hide nothing"
      case 1: "the sender's texts hide 1 character, made visible here"
      default: "the sender's texts hide \(count) characters, made visible here"
      }
    case .openAttempt(nil):
      "not known whether an earlier attempt is unresolved: no journal was read"
    case .openAttempt(let isOpen?):
      isOpen
        ? "an earlier try is still open: the journal does not know what became of it"
        : "the journal knows no open try"
    case .locked: "locked: the expected organization was stated wrongly twice"
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
    case .otherManager: "your trust list has the organization with ANOTHER management account"
    case .movesOut(let id): "the account leaves \(id.text)"
    case .mayMoveOut: "what the account leaves is not known"
    case .finalisesAllFeatures: "it enables all features for good"
    case .transfersBilling: "it hands the bill over"
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
    case .pasteRefused: "pasted text is not taken: type it"
    case .stray(cleared: true): "the terminal sent bytes that are no key: type it again"
    case .stray(cleared: false): "the terminal sent bytes that are no key: check what was typed"
    case .incomplete(let asked): "not complete: type  \(asked)  exactly"
    case .notJustCompleted: "press Enter right after the last letter: type it again"
    case .reasonMissing: "a reason is required: type it, then Enter"
    case .scrollFirst: "scroll to the last row first"
    case .notAnOrganization: "that is no organization id: o- and 10 to 32 letters or digits"
    case .mismatch(let left):
      "MISMATCH: that is not the organization that asks. Logged. "
        + (left == 1 ? "One more locks the row." : "\(left) more tries.")
    }
  }
}
