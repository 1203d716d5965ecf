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

/// What the shell should do. It answers with messages; nothing here waits.
public enum Effect: Equatable, Sendable {
  /// `HandshakeReader.identity()` as this account; answered by `.identityRead`.
  case readIdentity(Token, AccountID)
  /// Whose profile this is, asked of STS; answered by `.profileResolved`.
  case resolveProfile(Token, Untrusted)
  /// Log in as this profile; whatever a person has to do for it is told by `.loginInvited` and
  /// `.codeAsked`. Answered by `.loginEnded`.
  case logIn(Token, Untrusted)
  /// Answers the `.codeAsked` of this number; nil gives none.
  case giveCode(Int, OneTimeCode?)
  /// One page of a listing as this account; answered by `.pageRead`.
  case readPage(Token, AccountID, Query, page: PageToken?)
  /// One handshake as this account; answered by `.handshakeRead`.
  case readHandshake(Token, AccountID, HandshakeID)
  /// The trust list; answered by `.trustRead`.
  case readTrust(Token)
  /// The whole journal; answered by `.journalRead`.
  case readJournal(Token)
  /// The answer to this token is not wanted any more. A courtesy: late answers are dropped anyway.
  case abandon(Token)

  /// Two unpredictable letters a–z; answered by `.lettersDrawn`.
  case drawLetters(Token)
  /// Throw away what was typed ahead (`flushinp`).
  case flushInput
  /// Sends these, in this order, by `RunDriver` over write backends, with the reason for the journal.
  /// Answered by `.runTold` for each piece of news. At most one run is under way.
  case send(Token, [PlanItem], reason: Untrusted?)
  /// `StopFlag.raise`; the run still ends with `.finished`.
  case stopSending(Token, StopRequest)
  /// Find out, by reading, what became of requests of earlier sessions on this place
  /// (`Reconciler`), in the background; answered by `.reconciled` when something was found.
  case reconcile(Token)
  /// A typed organization id was not the handshake's: to the journal.
  case noteMismatch(HandshakeID, AccountID, typed: Untrusted)

  /// To the terminal's clipboard by OSC 52. At most 8 KiB, ASCII or rendered text. Answered by
  /// `.written`.
  case copy(Token, String)
  /// Writes a file that must not be there yet, 0600; answered by `.written`.
  case export(Token, path: String, bytes: [UInt8])

  /// Paint every cell anew: something else wrote to the terminal.
  case redraw
  /// Stop as `^Z` does; `.resumed` when it goes on.
  case suspend
  /// Keep what is staged for the next start on this place; an empty list forgets what was kept.
  case keepPlan([KeptAnswer])
  case quit
}

/// What a token was given out for.
enum Request: Hashable, Sendable {
  case identity(AccountID)
  case profile(Untrusted)
  case login(Untrusted)
  case page(Pass)
  /// One handshake; whether the operator asked for it and is to be told.
  case handshake(SourceKey, HandshakeID, isTold: Bool)
  case trust
  case journal
  case letters
  case run
  case reconciliation
  case writing(String)
}

/// The requests that are under way.
struct Requests: Equatable, Sendable {
  private var open: [Token: Request] = [:]
  private var last = 0

  mutating func begin(_ request: Request) -> Token {
    last += 1
    let token = Token(last)
    open[token] = request
    return token
  }

  subscript(token: Token) -> Request? { open[token] }

  /// Ends it; nil when it is not wanted any more.
  mutating func end(_ token: Token) -> Request? { open.removeValue(forKey: token) }

  mutating func forget(where isUnwanted: (Request) -> Bool) -> [Token] {
    let tokens = open.filter { isUnwanted($0.value) }.map(\.key).sorted { $0.number < $1.number }
    for token in tokens { open[token] = nil }
    return tokens
  }

  func count(where isMeant: (Request) -> Bool) -> Int { open.values.count(where: isMeant) }

  func contains(where isMeant: (Request) -> Bool) -> Bool { open.values.contains(where: isMeant) }
}

/// Names one request of the interface. A reply carries it back; when the interface has moved on, it
/// does not know the token any more and drops the reply.
public struct Token: Hashable, Sendable {
  public let number: Int

  public init(_ number: Int) {
    self.number = number
  }
}
