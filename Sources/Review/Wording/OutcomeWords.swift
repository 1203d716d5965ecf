import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import Text

extension Explanation {
  /// Explains the outcome of an answer, an invitation or a request for all features.
  public init(_ outcome: WriteOutcome, of write: WriteRequest, in charset: Charset) {
    let subject = write.subject(in: charset)
    switch outcome {
    case .done(let handshake, let proof):
      self.init(
        what: "\(subject): \(write.doneWord(handshake, in: charset)).",
        why: proof?.words ?? "", remedy: "")
    case .refused(let error, let now):
      self.init(error, in: charset)
      if let now {
        let shown = Sanitiser.render(now.wireName, for: .dialog, in: charset)
        why += " Read again: it is \(now.isTerminal ? "now" : "still") \(shown)."
      }
    case .notSent(let error):
      self.init(error, in: charset)
    case .heldBack(let cause):
      self.init(cause, subject, write, in: charset)
    case .notApplied(let state, let cause):
      self.init(
        what: "\(subject): sent, but not applied: \(state.standing(in: charset)).",
        why: cause.map { "Cause: \($0.words(in: charset))." } ?? "",
        remedy: state?.isTerminal ?? false
          ? "It has ended: refresh to see it." : "You can try again.")
    case .unknown(let doubt, let intent):
      self.init(
        what: "\(subject): OUTCOME UNKNOWN. It may have been applied.", why: doubt.words,
        remedy:
          "Do not send it again. It is attempt \(intent.text) in `handshake journal`; the next start "
          + "checks its outcome.")
    case .notTried(let cause):
      self.init(
        what: "\(subject): not sent.", why: cause.words,
        remedy: "Resolve the cause, then send it again.")
    }
  }

  /// Explains why a write was held back before sending.
  private init(
    _ cause: PreflightFailure, _ subject: String, _ write: WriteRequest, in charset: Charset
  ) {
    if case .changed(let changes) = cause, let id = write.handshake {
      self.init(id, changed: changes, in: charset)
      return
    }
    if case .unreadable(let error) = cause {
      self.init(error, in: charset)
      what = "\(subject): not sent: reading it again failed. " + what
      return
    }
    let meaning = cause.meaning(for: write, in: charset)
    self.init(
      what: "\(subject): not sent.", why: meaning.why, remedy: meaning.remedy)
  }

  /// Explains why the journal cannot be used.
  ///
  /// Nothing is sent until it can be used again.
  public init(_ fault: JournalFault, in charset: Charset) {
    let meaning = fault.meaning(in: charset)
    self.init(
      what: "The journal cannot be used.", why: meaning.why,
      remedy: meaning.remedy + " Until then nothing can be sent; reading works.")
  }
}

extension HandshakeState? {
  /// Returns the state as a clause, `still OPEN` or `it is CANCELED`.
  ///
  /// Nil means that the handshake is not in the listing of what was sent.
  fileprivate func standing(in charset: Charset) -> String {
    guard let self else { return "it is not among those sent" }
    let shown = Sanitiser.render(self.wireName, for: .dialog, in: charset)
    return self.isTerminal ? "it is \(shown)" : "still \(shown)"
  }
}

extension WriteRequest {
  /// The remedy for a handshake that has ended.
  fileprivate var renewal: String {
    if case .answer(let item) = self { return item.answer.renewal }
    return "Send it again if it is still wanted."
  }

  /// Returns the subject of a sentence about this write.
  fileprivate func subject(in charset: Charset) -> String {
    switch self {
    case .answer(let item): item.id.text
    case .invite(let invitation, let account, _):
      "invitation of \(invitation.target.shown(in: charset)) by \(account.text)"
    case .enableAllFeatures(let account, _): "all features for the organization of \(account.text)"
    }
  }

  /// Returns the participle for a write that was carried out, with the id of a handshake that it
  /// created.
  fileprivate func doneWord(_ handshake: Handshake?, in charset: Charset) -> String {
    switch self {
    case .answer(let item): item.answer.participle
    case .invite, .enableAllFeatures: "sent\(handshake?.id.map { ", as \($0.text)" } ?? "")"
    }
  }
}

extension Invitation.Target {
  /// Returns the target as printable text.
  fileprivate func shown(in charset: Charset) -> String {
    switch self {
    case .account(let text), .email(let text): Sanitiser.render(text, for: .dialog, in: charset)
    }
  }
}

extension PreflightFailure {
  /// Returns the cause and remedy of the failed preflight.
  fileprivate func meaning(for write: WriteRequest, in charset: Charset) -> Meaning {
    switch self {
    case .changed, .unreadable:
      Meaning("It changed since it was shown.", "Review it again.")
    case .damaged:
      Meaning(
        "Read again before sending, its record is damaged.", "Compare with the AWS CLI's output.")
    case .settled(let state):
      Meaning(
        "It is already "
          + "\(state.map { Sanitiser.render($0.wireName, for: .dialog, in: charset) } ?? "gone").",
        write.renewal)
    case .expiring(let time):
      Meaning(
        "It expires too soon\(time.map { ", at \($0.awsCLIText)" } ?? "").", write.renewal)
    case .callerChanged(let account):
      Meaning(
        "The credentials now belong to account \(account.text).",
        "Check the credentials with `handshake info`, and refresh.")
    case .membershipChanged(let organization):
      Meaning(
        "The account is now in \(organization?.text ?? "no organization"), which is not what was "
          + "reviewed.", "Refresh, and review it again.")
    case .trustChanged(let loss): loss.meaning
    case .rulesUnreadable(let why):
      Meaning(
        "The trust list cannot be read: \(Sanitiser.render(why, for: .dialog, in: charset)).",
        "Repair the trust list, then review it again.")
    case .openIntent(let intent):
      Meaning(
        "An earlier attempt is unresolved (\(intent.text)).",
        "Wait until its outcome is known; `handshake journal` shows it.")
    case .stale:
      Meaning(
        "More than \(RunSettings.freshness.milliseconds / 1_000) s passed between reading it and "
          + "sending, several times.",
        "Try again. If neither the program nor the machine was suspended, the service is slow.")
    case .heldElsewhere:
      Meaning("Another handshake program is sending as this account.", "Let it finish first.")
    case .noBackend:
      Meaning("This session cannot send as this account.", "Start without --read-only.")
    case .journal(let fault): fault.meaning(in: charset)
    }
  }
}

extension JournalFault {
  /// Returns the cause and remedy of the journal fault.
  fileprivate func meaning(in charset: Charset) -> Meaning {
    switch self {
    case .system(let call, let number, let path):
      Meaning(
        "\(call) of \(Sanitiser.render(path, for: .dialog, in: charset)) failed: "
          + "\(SystemError(number).words).",
        SystemError(number).remedy ?? "Make it readable and writable for you alone.")
    case .broken:
      Meaning(
        "Writing it to the disk failed, and its last lines may be lost.",
        "Check the disk, then start a new one: `handshake journal new-segment --yes`.")
    case .unsafe(.linkedAndMissing, let path):
      Meaning(
        "\(Sanitiser.render(path, for: .dialog, in: charset)) does not exist, and a link points to it.",
        "Mount or create it, or fix the link.")
    case .unsafe(.parentOpenToOthers, let path):
      Meaning(
        "Other users can rename files in \(Sanitiser.render(path, for: .dialog, in: charset)).",
        "Remove their write permission (chmod go-w), or use another directory.")
    case .foreignFolder(let path, let owner):
      Meaning(
        "\(Sanitiser.render(path, for: .dialog, in: charset)) belongs to uid \(owner), neither root nor "
          + "you; that user could replace the journal.",
        "Use a directory whose parents and links belong to root or you (XDG_STATE_HOME).")
    case .unsafe(let how, let path):
      Meaning(
        "\(Sanitiser.render(path, for: .dialog, in: charset)) \(how.words).",
        "It must be a regular file of yours, mode 0600, in directories with mode 0700.")
    case .damaged(let line):
      Meaning(
        "The lines after line \(line) are not as they were written.",
        "Check it with `handshake journal verify`; `handshake journal new-segment --yes` keeps it and "
          + "starts a new one.")
    }
  }
}

extension JournalFault.Unsafe {
  /// The fault as a clause that follows the path.
  fileprivate var words: String {
    switch self {
    case .notOurs: "belongs to another user"
    case .openToOthers: "is accessible to other users"
    case .notARegularFile: "is not a regular file"
    case .hardLinked: "has a second hard link"
    case .notADirectory: "is not a directory"
    case .parentOpenToOthers: "is in a directory that other users can change"
    case .linkedAndMissing: "does not exist, and a link points to it"
    case .tooLarge: "is too large"
    }
  }
}

extension StopCause {
  /// The reason why the rest of a run was not sent, as a sentence.
  public var words: String {
    switch self {
    case .asked: "The run was stopped."
    case .unknownOutcome: "The outcome of the previous request is unknown."
    case .journal: "The journal cannot be written."
    }
  }
}

extension IntentOutcome.Doubt {
  /// The reason why an outcome is unknown, as a sentence.
  public var words: String {
    switch self {
    case .replyLost: "The reply was lost, or the server failed."
    case .oddReply: "The reply names another handshake or another state."
    case .concurrent: "AWS: already in that state, or another change is in progress."
    case .denied:
      "Reading it is denied, possibly by the policies of the new organization."
    case .gone: "The handshake no longer exists; AWS keeps ended ones for 30 days."
    case .unreadable: "Every try to read it failed."
    case .oddState: "It is in a state that this program does not know."
    case .abandoned: "You stopped before the outcome was known."
    }
  }
}

extension IntentOutcome.Proof {
  /// The reading that confirmed the outcome, as a sentence.
  public var words: String {
    switch self {
    case .handshake: "Confirmed by reading it; sent by this or another session."
    case .membership:
      "Confirmed: the account is in the organization; sent by this or another session."
    case .listing: "Confirmed: it is listed as sent, by this or another session."
    }
  }
}

extension Reconciler.Finding {
  /// Returns the outcome of an attempt of an earlier session, such as
  /// `h-… was not declined, it is OPEN`.
  public func words(in charset: Charset) -> String {
    let (subject, done) =
      switch intent.act {
      case .answer(let answer, let id, _): (id.text, answer.participle)
      case .invite(let target): ("the invitation of \(target.shown(in: charset))", "sent")
      case .enableAllFeatures: ("the request for all features", "sent")
      }
    switch outcome {
    case .done, .doneLater: return "\(subject) was \(done)"
    case .notSent, .refused, .notApplied(nil): return "\(subject) was not \(done)"
    case .notApplied(let state?):
      let shown = Sanitiser.render(state.wireName, for: .dialog, in: charset)
      return "\(subject) was not \(done), it is \(shown)"
    case .unknown(let doubt, _): return "\(subject) is unresolved. \(doubt.words)"
    }
  }
}

extension Inquiry {
  /// Returns the progress of finding an outcome, with the result of the last reading, such as
  /// `checking the outcome (try 3 of 6, next in 8 s): no reply to AcceptHandshake: …`.
  ///
  /// `wait` is the time until the next reading; nil while one is in progress.
  public func words(waiting wait: Span?, in charset: Charset) -> String {
    let next = wait.map { ", next in \($0.wholeSeconds) s" } ?? ""
    let last = found.map { "; last reading: \($0.readingWords(in: charset))" } ?? ""
    return "checking the outcome (try \(reading) of \(limit)\(next)): "
      + cause.words(in: charset) + last
  }

  /// Returns the progress in a few words, for a cell of a table.
  public func shortWords(waiting wait: Span?) -> String {
    "checking \(reading)/\(limit)" + (wait.map { ", in \($0.wholeSeconds) s" } ?? "")
  }
}

extension Inquiry.Cause {
  /// Returns the reason why it is read again, without a full stop.
  public func words(in charset: Charset) -> String {
    switch self {
    case .doubt(let doubt, nil): doubt.words.lowercasedStart
    case .doubt(_, let error?), .conflict(let error): error.brief(in: charset)
    }
  }
}

extension BackendError {
  /// Returns the operation and its failure, such as
  /// `no reply to AcceptHandshake: connection reset`.
  fileprivate func brief(in charset: Charset) -> String {
    let call = operation.rawValue
    let detail = said.map { ": \(Sanitiser.render($0, for: .dialog, in: charset))" } ?? ""
    switch failure {
    case .service(let exception, let reason, _):
      let name = Sanitiser.render(exception.wireName, for: .dialog, in: charset)
      let shown = reason.map { " (\(Sanitiser.render($0.wireName, for: .dialog, in: charset)))" }
      return "\(call) \(applied == .refused ? "refused" : "failed"): \(name)\(shown ?? "")"
    case .unreadable: return "unreadable reply to \(call)\(detail)"
    case .transport, .store, .certificates: return "no reply to \(call)\(detail)"
    case .credentials, .settings: return "\(call) was not signed\(detail)"
    case .cancelled: return "\(call) was given up before its reply"
    }
  }
}

extension String {
  /// The text for use inside a sentence: without a capital at its start and a full stop at its end.
  fileprivate var lowercasedStart: String {
    let text = hasSuffix(".") ? String(dropLast()) : self
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
