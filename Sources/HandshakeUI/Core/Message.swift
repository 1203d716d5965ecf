import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import Text

/// An event that the interface handles.
///
/// Times `at` are those of the monotonic clock (`TimeSource.uptime`).
public enum Message: Equatable, Sendable {
  /// The screens are shown; the first message of a session.
  case started
  case key(Key, at: Span)
  /// The text of a bracketed paste, which reaches text fields only.
  case pasted(Untrusted, at: Span)
  /// Bytes that are no key, or not yet: a lone ESC, half a character, part of a torn control
  /// sequence, or a byte of a report.
  ///
  /// Sent at once, before any key that the bytes may become part of. `mayBeEscape` says that they
  /// end with an ESC that is the Escape key if nothing follows.
  case stray(at: Span, mayBeEscape: Bool = false)
  /// A bracketed paste has begun; its text follows as `pasted`, unless it is abandoned.
  case pasteBegan(at: Span)
  /// A paste was given up because its end did not arrive.
  case pasteAbandoned(at: Span)
  case resized(Size)
  /// The time that `Interface.nextTick` asked for has come.
  ///
  /// `isSeen` is false while the terminal accepts no output, so that the operator sees no change.
  case ticked(at: Span, isSeen: Bool = true)
  /// The program was stopped, or the machine was suspended, and continues.
  case resumed(at: Span)
  /// The terminal is gone (end of input, SIGHUP, SIGTERM).
  case terminalLost

  case identityRead(Token, Result<Reply<Identity>, BackendError>, at: Span)
  case pageRead(Token, Result<Reply<Page>, BackendError>, at: Span)
  case handshakeRead(Token, Result<Reply<Handshake>, BackendError>, at: Span)
  case profileResolved(Token, Result<AccountID, BackendError>, at: Span)
  /// A login waits for the operator to act in a browser.
  case loginInvited(BrowserLogin, at: Span)
  case loginEnded(Token, LoginResult, at: Span)
  /// A one-time code of a device is needed before a request can be signed.
  case codeAsked(CodeRequest, at: Span)
  /// The code of this number is no longer needed.
  case codeWithdrawn(Int, at: Span)
  case trustRead(Token, TrustReading)
  case journalRead(Token, JournalReading)
  /// Two lower-case letters for one challenge.
  case lettersDrawn(Token, String)
  /// The progress of a run: answers `Effect.send` any number of times, the last one is `.finished`.
  case runTold(Token, RunNews, at: Span)
  /// The outcomes of attempts of earlier sessions that were found by reading.
  case reconciled(Token, [Reconciler.Finding])
  /// The result of copying or exporting: the destination or the error.
  case written(Token, FileResult)
}

/// The result of reading the trust list's file.
public enum TrustReading: Equatable, Sendable {
  case list(TrustList)
  /// The file could not be used; the text says why and what to do. Nothing is trusted then.
  case failed(String)
}

/// The result of reading the journal.
public enum JournalReading: Equatable, Sendable {
  case chain(JournalChain)
  case failed(JournalFault)
}

/// The result of a login.
public enum LoginResult: Equatable, Sendable {
  case done
  case failed(BackendError)
}

/// A request for a one-time code, which `Effect.giveCode` answers by its number.
public struct CodeRequest: Hashable, Sendable {
  /// The number of the request, unique in the session.
  public var number: Int
  /// The device's serial number or ARN.
  public var device: Untrusted
  /// The name of the profile that the code is for.
  public var profile: Untrusted

  /// Creates a request for a code.
  public init(number: Int, device: Untrusted, profile: Untrusted) {
    self.number = number
    self.device = device
    self.profile = profile
  }
}

/// The result of copying or exporting.
public enum FileResult: Equatable, Sendable {
  /// The path of the file, or `OSC 52`.
  case done(String)
  case failed(String)
}

/// An action for the shell, which replies with messages; the interface does not wait for it.
public enum Effect: Equatable, Sendable {
  /// Calls `HandshakeReader.identity()` as this account; answered by `.identityRead`.
  case readIdentity(Token, AccountID)
  /// Asks STS for the account of this profile; answered by `.profileResolved`.
  case resolveProfile(Token, Untrusted)
  /// Logs in as this profile; answered by `.loginEnded`.
  ///
  /// What the operator has to do for it is reported by `.loginInvited` and `.codeAsked`.
  case logIn(Token, Untrusted)
  /// Answers the `.codeAsked` of this number; nil means that no code is given.
  case giveCode(Int, OneTimeCode?)
  /// Reads one page of a listing as this account; answered by `.pageRead`.
  case readPage(Token, AccountID, Query, page: PageToken?)
  /// Reads one handshake as this account; answered by `.handshakeRead`.
  case readHandshake(Token, AccountID, HandshakeID)
  /// Reads the trust list; answered by `.trustRead`.
  case readTrust(Token)
  /// Reads the whole journal; answered by `.journalRead`.
  case readJournal(Token)
  /// Cancels a request whose reply is no longer needed; a late reply is dropped in any case.
  case abandon(Token)

  /// Draws two unpredictable letters a–z; answered by `.lettersDrawn`.
  case drawLetters(Token)
  /// Discards the input that was typed ahead (`flushinp`).
  case flushInput
  /// Sends these answers in this order with `RunDriver` and write backends.
  ///
  /// The reason goes into the journal. Answered by `.runTold` for each piece of news. At most one
  /// run is in progress.
  case send(Token, [PlanItem], reason: Untrusted?)
  /// Calls `StopFlag.raise`; the run still ends with `.finished`.
  case stopSending(Token, StopRequest)
  /// Finds the outcomes of earlier sessions' attempts on this service by reading (`Reconciler`).
  ///
  /// It runs in the background; answered by `.reconciled` if something was found.
  case reconcile(Token)
  /// Records in the journal that the organization id typed was not the handshake's.
  case noteMismatch(HandshakeID, AccountID, typed: Untrusted)

  /// Copies to the terminal's clipboard by OSC 52; answered by `.written`.
  ///
  /// The text is at most 8 KiB, ASCII or rendered.
  case copy(Token, String)
  /// Writes a new file with mode 0600, which must not exist; answered by `.written`.
  case export(Token, path: String, bytes: [UInt8])

  /// Paints every cell again, because something else wrote to the terminal.
  case redraw
  /// Stops the process as `^Z` does; `.resumed` follows when it continues.
  case suspend
  /// Keeps the plan for the next start on this service; an empty list deletes what was kept.
  case keepPlan([StagedAnswer])
  case quit
}

/// The purpose that a token was issued for.
enum Request: Hashable, Sendable {
  case identity(AccountID)
  case profile(Untrusted)
  case login(Untrusted)
  case page(Pass)
  /// One handshake; `isTold` if the operator asked for it and gets a notice.
  case handshake(HandshakeID, AccountID, isTold: Bool)
  case trust
  case journal
  case letters
  case run
  case reconciliation
  case writing(String)
}

/// The requests in progress.
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

  /// Ends a request and returns its purpose; nil if its reply is no longer needed.
  mutating func end(_ token: Token) -> Request? { open.removeValue(forKey: token) }

  mutating func forget(where isUnwanted: (Request) -> Bool) -> [Token] {
    let tokens = open.filter { isUnwanted($0.value) }.map(\.key).sorted { $0.number < $1.number }
    for token in tokens { open[token] = nil }
    return tokens
  }

  func count(where isMeant: (Request) -> Bool) -> Int { open.values.count(where: isMeant) }

  func contains(where isMeant: (Request) -> Bool) -> Bool { open.values.contains(where: isMeant) }
}

/// The identity of one request of the interface.
///
/// The reply carries it back; the reply is dropped if the token is no longer known.
public struct Token: Hashable, Sendable {
  /// The number, in the order in which requests were made.
  public let number: Int

  /// Creates the token of a number.
  public init(_ number: Int) {
    self.number = number
  }
}
