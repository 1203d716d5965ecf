import Model
import Text

extension Explanation {
  /// What became of an answer, an invitation or a request for all features.
  public init(_ outcome: ErrandOutcome, of errand: Errand, in charset: Charset) {
    let subject = errand.subject(in: charset)
    switch outcome {
    case .done(let handshake, let proof):
      self.init(
        what: "\(subject): \(errand.doneWord(handshake, in: charset)).",
        why: proof?.words ?? "The service answered so.", remedy: "")
    case .refused(let error, let now):
      self.init(error, in: charset)
      if let now {
        let shown = Sanitiser.render(now.wireName, for: .dialog, in: charset)
        why += " Read again: it is \(now.isTerminal ? "now" : "still") \(shown)."
      }
    case .notSent(let error):
      self.init(error, in: charset)
    case .heldBack(let cause):
      self.init(cause, subject, errand, in: charset)
    case .notApplied(let state, let cause):
      self.init(
        what: "\(subject): sent, but not applied: \(state.standing(in: charset)).",
        why: cause.map { "Cause: \($0.words(in: charset))." } ?? "",
        remedy: state?.isTerminal ?? false
          ? "It is closed: refresh to see it." : "You can try again, with a new confirmation.")
    case .unknown(let doubt, let intent):
      self.init(
        what: "\(subject): OUTCOME UNKNOWN. It may have been carried out.", why: doubt.words,
        remedy:
          "Do not send it again. `handshake journal` has it as \(intent.text); the next start "
          + "looks again.")
    case .notTried(let cause):
      self.init(
        what: "\(subject): not tried, nothing was sent.", why: cause.words,
        remedy: "It can be sent once the cause is settled.")
    }
  }

  private init(_ cause: HoldBack, _ subject: String, _ errand: Errand, in charset: Charset) {
    if case .changed(let changes) = cause, let id = errand.handshake {
      self.init(id, changed: changes, in: charset)
      return
    }
    if case .unreadable(let error) = cause {
      self.init(error, in: charset)
      what = "\(subject): it could not be read again, so nothing was sent. " + what
      return
    }
    let meaning = cause.meaning(for: errand, in: charset)
    self.init(
      what: "\(subject): held back, nothing was sent.", why: meaning.why, remedy: meaning.remedy)
  }

  /// Why the journal cannot be used. While it cannot, nothing is sent.
  public init(_ fault: JournalFault, in charset: Charset) {
    let meaning = fault.meaning(in: charset)
    self.init(
      what: "The journal cannot be used.", why: meaning.why,
      remedy: meaning.remedy + " Until then nothing is sent; looking around works.")
  }
}

extension State? {
  /// `still OPEN`, `it is CANCELED`; nil for what is not among those sent.
  fileprivate func standing(in charset: Charset) -> String {
    guard let self else { return "it is not among those sent" }
    let shown = Sanitiser.render(self.wireName, for: .dialog, in: charset)
    return self.isTerminal ? "it is \(shown)" : "still \(shown)"
  }
}

extension Errand {
  /// What to do where the handshake is over.
  fileprivate var renewal: String {
    if case .answer(let item) = self { return item.answer.renewal }
    return "Send it again if it is still wanted."
  }

  fileprivate func subject(in charset: Charset) -> String {
    switch self {
    case .answer(let item): item.id.text
    case .invite(let invitation, let account, _):
      "invitation of \(invitation.target.shown(in: charset)) by \(account.text)"
    case .enableAllFeatures(let account, _): "all features for the organization of \(account.text)"
    }
  }

  fileprivate func doneWord(_ handshake: Handshake?, in charset: Charset) -> String {
    switch self {
    case .answer(let item): item.answer.participle
    case .invite, .enableAllFeatures: "sent\(handshake?.id.map { ", as \($0.text)" } ?? "")"
    }
  }
}

extension Invitation.Target {
  fileprivate func shown(in charset: Charset) -> String {
    switch self {
    case .account(let text), .email(let text): Sanitiser.render(text, for: .dialog, in: charset)
    }
  }
}

extension HoldBack {
  fileprivate func meaning(for errand: Errand, in charset: Charset) -> Meaning {
    switch self {
    case .changed, .unreadable:
      Meaning("It is not as it was shown.", "Look at it as it is now, and decide anew.")
    case .damaged:
      Meaning("Read again, it could not be read whole.", "Compare with the AWS CLI's output.")
    case .settled(let state):
      Meaning(
        "It is \(state.map { Sanitiser.render($0.wireName, for: .dialog, in: charset) } ?? "gone") "
          + "by now.", errand.renewal)
    case .expiring(let time):
      Meaning(
        "It expires too soon\(time.map { ", at \($0.awsCLIText)" } ?? "").",
        errand.renewal)
    case .callerChanged(let account):
      Meaning(
        "The credentials are those of \(account.text) by now.",
        "Check who is calling (`handshake info`), and refresh.")
    case .membershipChanged(let organization):
      Meaning(
        "The account is in \(organization?.text ?? "no organization") by now, which is not what was "
          + "reviewed.", "Refresh, and look at what it does now before you stage it anew.")
    case .trustChanged(let loss): loss.meaning
    case .rulesUnreadable(let why):
      Meaning(
        "The trust list cannot be read: \(Sanitiser.render(why, for: .dialog, in: charset)).",
        "Repair the trust list, then review it again.")
    case .openIntent(let intent):
      Meaning(
        "It is not known yet what became of an earlier try (\(intent.text)).",
        "Wait until it has been found out; `handshake journal` shows it.")
    case .stale:
      Meaning(
        "More than \(RunSettings.freshness.milliseconds / 1_000) s passed between reading it and "
          + "sending, several times.",
        "If the program was stopped or the machine slept, try again; else see why the service is slow."
      )
    case .heldElsewhere:
      Meaning("Another handshake program is sending as this account.", "Let it finish first.")
    case .noBackend:
      Meaning("Nothing may be sent as this account here.", "Start without --read-only.")
    case .journal(let fault): fault.meaning(in: charset)
    }
  }
}

extension JournalFault {
  fileprivate func meaning(in charset: Charset) -> Meaning {
    switch self {
    case .system(let call, let number, let path):
      Meaning(
        "\(call) of \(Sanitiser.render(path, for: .dialog, in: charset)) failed: "
          + "\(SystemError(number).words).",
        SystemError(number).remedy ?? "Make it readable and writable for you alone.")
    case .broken:
      Meaning(
        "A sync of it failed: nobody knows what the disk holds.",
        "Check the disk, then begin a new one: `handshake journal new-segment --yes`.")
    case .unsafe(.linkedAndMissing, let path):
      Meaning(
        "\(Sanitiser.render(path, for: .dialog, in: charset)) is not there, and a link leads to it.",
        "Mount or make it, or mend the link.")
    case .unsafe(.parentOpenToOthers, let path):
      Meaning(
        "Others may rename what lies in \(Sanitiser.render(path, for: .dialog, in: charset)).",
        "Take the right to write to it from them (chmod go-w), or use another place.")
    case .foreignFolder(let path, let owner):
      Meaning(
        "\(Sanitiser.render(path, for: .dialog, in: charset)) belongs to uid \(owner), neither root nor "
          + "you, who could put another journal in its place.",
        "Use a place below folders and links that are root's or yours (XDG_STATE_HOME).")
    case .unsafe(let how, let path):
      Meaning(
        "\(Sanitiser.render(path, for: .dialog, in: charset)) \(how.words).",
        "Make it yours alone: a regular file 0600 in directories 0700.")
    case .damaged(let line):
      Meaning(
        "What stands behind its line \(line) is not as it was written.",
        "See `handshake journal verify`; `handshake journal new-segment --yes` keeps it aside and "
          + "begins a new one.")
    }
  }
}

extension JournalFault.Unsafe {
  fileprivate var words: String {
    switch self {
    case .notOurs: "belongs to somebody else"
    case .openToOthers: "is open to others"
    case .notARegularFile: "is no regular file"
    case .hardLinked: "has a second name"
    case .notADirectory: "is no directory"
    case .parentOpenToOthers: "lies in a directory that others can change"
    case .linkedAndMissing: "is not there, and a link leads to it"
    case .tooLarge: "is too large"
    }
  }
}

extension StopCause {
  public var words: String {
    switch self {
    case .asked: "The run was stopped."
    case .unknownOutcome: "The request before it is not confirmed."
    case .journal: "What is done cannot be written down."
    }
  }
}

extension IntentOutcome.Doubt {
  public var words: String {
    switch self {
    case .replyLost: "The reply was lost, or the server failed."
    case .oddReply: "The reply was not about this handshake, or not in the state asked for."
    case .concurrent: "The service says that it is so already, or that somebody else is at it."
    case .denied:
      "Reading it is denied: the policies of the new organization may be the reason."
    case .gone: "There is no such handshake any more: the service keeps one for 30 days."
    case .unreadable: "It could not be read for as long as it was tried."
    case .oddState: "It stands in a state that this program does not know."
    case .abandoned: "It was given up before it was found out."
    }
  }
}

extension IntentOutcome.Proof {
  public var words: String {
    switch self {
    case .handshake: "Found by reading: done, by this or another session."
    case .membership: "The account is in the organization: done, by this or another session."
    case .listing: "Found among those sent: by this or another session."
    }
  }
}
