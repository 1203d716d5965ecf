import Model
import Review
import Text

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
