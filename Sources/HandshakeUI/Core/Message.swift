import Drawing
import Model
import Review
import Text

/// What happened. Times `at` are those of the monotonic clock (`TimeSource.uptime`).
public enum Message: Equatable, Sendable {
  /// The screens are up; the first message of all.
  case started
  case key(Key, at: Span)
  /// Between the brackets of a bracketed paste. Reaches text fields only.
  case pasted(Untrusted, at: Span)
  /// Bytes were read that are no key, or none yet: a lone ESC, half a character, the head or the tail of a
  /// torn control sequence, a byte of a report. Told at once, before any key that may come of them.
  ///
  /// - Parameter mayBeEscape: They end with an ESC that will be the Escape key if nothing follows.
  case stray(at: Span, mayBeEscape: Bool = false)
  /// A bracketed paste has begun; its text follows as `pasted`, or never.
  case pasteBegan(at: Span)
  /// A paste was given up because its end did not come.
  case pasteAbandoned(at: Span)
  case resized(Size)
  /// The time that `State.nextTick` asked for has come. Nothing can be seen while the terminal takes
  /// no more.
  case ticked(at: Span, isSeen: Bool = true)
  /// The program was stopped, or the machine slept, and goes on.
  case resumed(at: Span)
  /// The terminal is gone (end of input, SIGHUP, SIGTERM).
  case terminalLost

  case identityRead(Token, Result<Reply<Identity>, BackendError>, at: Span)
  case pageRead(Token, Result<Reply<Page>, BackendError>, at: Span)
  case handshakeRead(Token, Result<Reply<Handshake>, BackendError>, at: Span)
  case profileResolved(Token, Result<AccountID, BackendError>, at: Span)
  /// A login goes on in a browser.
  case loginInvited(BrowserLogin, at: Span)
  case loginEnded(Token, LoginResult, at: Span)
  /// A device's one-time code is needed before something can be asked or sent.
  case codeAsked(CodeRequest, at: Span)
  /// Nobody waits for this code any more.
  case codeWithdrawn(Int, at: Span)
  case trustRead(Token, TrustReading)
  case journalRead(Token, JournalReading)
  /// Two lower-case letters for one challenge.
  case lettersDrawn(Token, String)
  /// How a run goes: answers `Effect.send`, any number of times, the last one `.finished`.
  case runTold(Token, RunNews, at: Span)
  /// What was found out about requests of earlier sessions.
  case reconciled(Token, [Reconciler.Finding])
  /// What became of a request to copy or to export: where to, or why not.
  case written(Token, WriteResult)
}

/// The trust list's file as it was read.
public enum TrustReading: Equatable, Sendable {
  case list(TrustList)
  /// It could not be used: what, why and the remedy. Nothing is trusted then.
  case failed(String)
}

/// The journal as it was read.
public enum JournalReading: Equatable, Sendable {
  case chain(JournalChain)
  case failed(JournalFault)
}

public enum LoginResult: Equatable, Sendable {
  case done
  case failed(BackendError)
}

/// Which code is asked for; `Effect.giveCode` answers by the number.
public struct CodeRequest: Hashable, Sendable {
  public var number: Int
  /// The device's serial number, or its ARN.
  public var device: Untrusted
  public var profile: Untrusted

  public init(number: Int, device: Untrusted, profile: Untrusted) {
    self.number = number
    self.device = device
    self.profile = profile
  }
}

public enum WriteResult: Equatable, Sendable {
  /// The path, or `OSC 52`.
  case done(String)
  case failed(String)
}
