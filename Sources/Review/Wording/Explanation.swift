import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import Text

/// An error in words: what happened, why, and what to do about it.
///
/// Every sentence is printable, because text from the service or a sender has been through the
/// sanitiser.
public struct Explanation: Hashable, Sendable {
  /// The sentence that says what happened, and whether anything changed.
  public var what: String
  /// The cause, with AWS's names of exceptions and reasons.
  public var why: String
  /// The cause in one line of a list, where `why` does not state it; nil otherwise.
  public var cause: String?
  /// The instruction that says what to do; may be empty.
  public var remedy: String
  /// AWS's id of the request, to quote to AWS Support.
  public var requestID: String?

  /// Creates an explanation from printable sentences, without a separate `cause`.
  public init(what: String, why: String, remedy: String, requestID: String? = nil) {
    self.what = what
    self.why = why
    self.remedy = remedy
    self.requestID = requestID
  }

  /// The cause in one line.
  public var brief: String { cause ?? why }
}

/// The cause behind an error code, and its remedy.
struct Meaning: Hashable, Sendable {
  var why: String
  var remedy: String

  init(_ why: String, _ remedy: String) {
    self.why = why
    self.remedy = remedy
  }
}

extension Explanation {
  /// Explains an error of a backend.
  ///
  /// For an error of the credentials, `what` is the problem of the credentials instead of the
  /// operation.
  public init(_ error: BackendError, in charset: Charset) {
    let meaning = error.meaning(in: charset)
    if case .credentials = error.failure {
      what = meaning.why
      why = error.applied.sentence
      cause = meaning.why
    } else {
      what = "\(error.operation.rawValue): \(error.verb); \(error.applied.words)."
      why = ([error.names(in: charset), meaning.why] + error.quote(in: charset))
        .filter { !$0.isEmpty }.joined(separator: " ")
    }
    remedy = meaning.remedy + error.applied.caution + error.pause
    requestID = error.requestID.map { Sanitiser.render($0, for: .dialog, in: charset) }
  }
}

extension BackendError {
  /// Returns the cause and remedy of the failure, without the names and the message of the service.
  ///
  /// A known reason is used instead of the exception where it is more specific.
  fileprivate func meaning(in charset: Charset) -> Meaning {
    switch failure {
    case .service(let exception, let reason, _):
      if exception.reasonDecides, let reason, let meaning = reason.meaning(in: operation) {
        return meaning
      }
      return exception == .invalidSignature ? .invalidSignature(clock) : exception.meaning
    case .unreadable:
      return Meaning(
        "The reply does not have the form that this operation returns.",
        "Refresh to see the current state. If it happens again, report it with the request id.")
    case .transport:
      return Meaning(
        "The service could not be reached, or did not answer in time.",
        "Check the network, or whether another program holds the store, and try again.")
    case .certificates(let problem, _): return problem.meaning
    case .store:
      return Meaning(
        "The store cannot be used.",
        "Name another file with --store, or create one with `handshake local init`.")
    case .credentials(let fault): return fault.meaning(in: charset)
    case .settings:
      return Meaning(
        "The AWS settings are invalid.", "Fix the setting, and try again.")
    case .cancelled:
      return Meaning(
        "It was cancelled before the service answered.", "Refresh to see the current state.")
    }
  }

  /// The failure in a few words.
  fileprivate var verb: String {
    switch failure {
    case .service: "refused by the service"
    case .unreadable: "unreadable reply"
    case .transport: applied == .notSent ? "no connection" : "no reply"
    case .certificates: "the TLS connection failed"
    case .store: "the store failed"
    case .credentials: "no credentials"
    case .settings: "invalid AWS settings"
    case .cancelled: "cancelled"
    }
  }

  /// Returns AWS's names of the error; empty where AWS named none.
  ///
  /// For example, `HandshakeConstraintViolationException (ALREADY_IN_AN_ORGANIZATION).`
  fileprivate func names(in charset: Charset) -> String {
    guard let exception else { return "" }
    let name = Sanitiser.render(exception.wireName, for: .dialog, in: charset)
    guard let reason else { return "\(name)." }
    return "\(name) (\(Sanitiser.render(reason.wireName, for: .dialog, in: charset)))."
  }

  /// Returns a sentence with the message of the service or the system; empty where there is none.
  fileprivate func quote(in charset: Charset) -> [String] {
    guard let said, !said.isEmpty else { return [] }
    return ["It says: \(Sanitiser.render(said, for: .dialog, in: charset))"]
  }

  /// The sentence that says how long to wait, in seconds rounded up; empty where no time is known.
  fileprivate var pause: String {
    guard let retryAfter, retryAfter > .zero else { return "" }
    let seconds = (retryAfter.milliseconds - 1) / 1_000 + 1
    return " Wait at least \(seconds) s before you try again."
  }
}

extension BackendError.Applied {
  /// The clause that says whether anything was sent or changed.
  public var words: String {
    switch self {
    case .notSent: "nothing was sent"
    case .refused: "nothing was changed"
    case .unknown: "it may have been applied"
    }
  }

  /// The same as a sentence.
  fileprivate var sentence: String {
    switch self {
    case .notSent: "Nothing was sent."
    case .refused: "Nothing was changed."
    case .unknown: "It may have been applied."
    }
  }

  /// A warning against sending again while the outcome is unknown; empty otherwise.
  fileprivate var caution: String {
    switch self {
    case .notSent, .refused: ""
    case .unknown: " Do not send it again until its outcome is known: see `handshake journal`."
    }
  }
}

extension Explanation {
  /// Explains why an answer cannot be given to a handshake.
  public init(_ impediment: Ineligibility, to answer: Answer, in charset: Charset) {
    what = "This handshake cannot be \(answer.participle)."
    let meaning = impediment.meaning(for: answer, in: charset)
    why = meaning.why
    remedy = meaning.remedy
  }

  /// Explains why an answer was not added to the plan.
  public init(_ refusal: Plan.Refusal, to answer: Answer, in charset: Charset) {
    if case .impediment(let impediment) = refusal {
      self.init(impediment, to: answer, in: charset)
      return
    }
    let meaning = refusal.meaning(for: answer, in: charset)
    self.init(
      what: "The \(answer.rawValue) of this handshake was not planned.", why: meaning.why,
      remedy: meaning.remedy)
  }
}

extension Answer {
  /// The past participle of the answer, such as `accepted`, in AWS's spelling.
  public var participle: String {
    switch self {
    case .accept: "accepted"
    case .decline: "declined"
    case .cancel: "canceled"
    }
  }

  /// The remedy for a handshake that has ended; the one who cancels is its sender.
  var renewal: String {
    switch self {
    case .accept, .decline: "A new invitation is needed if it is still wanted."
    case .cancel: "Send a new one if it is still wanted."
    }
  }
}

extension Ineligibility {
  /// Returns the cause and remedy for `answer`.
  fileprivate func meaning(for answer: Answer, in charset: Charset) -> Meaning {
    switch self {
    case .damaged: .damaged
    case .notListed:
      Meaning(
        "It is no longer listed.",
        "Press r to read it again.")
    case .unknownKind: .unknownKind
    case .settled(let state):
      Meaning(
        "It is already \(Sanitiser.render(state.wireName, for: .dialog, in: charset)).",
        answer.renewal)
    case .expired(let time):
      Meaning("It expired at \(time.awsCLIText).", answer.renewal)
    case .waitingForMembers: .waitingForMembers
    case .onlySender(let account):
      Meaning(
        "Only the sender\(account.inBrackets) can cancel it; you are the recipient.",
        "Decline it instead, or act as the sender.")
    case .onlyRecipient(let account):
      Meaning(
        "Only the recipient\(account.inBrackets) can \(answer.rawValue) it.",
        "Act as the recipient; as the sender you can cancel it.")
    case .unnamedRecipient:
      Meaning(
        "Only the recipient can \(answer.rawValue) it, and the document does not name its account.",
        "Leave out --input: the service itself knows.")
    case .onlyManagement(let account):
      Meaning(
        "Only the management account\(account.inBrackets) can finalise it.", "Act as that account.")
    case .nothingToDecline: .nothingToDecline
    case .managementAccountCannotJoin: .managementAccountCannotJoin
    case .alreadyMember(let organization):
      Meaning(
        "The account is already a member of \(organization.text).",
        "Decline it, or let it expire.")
    case .onlyManagementTransfers: .onlyManagementTransfers
    }
  }
}

extension AccountID? {
  /// The account in brackets with a blank in front; empty for nil.
  fileprivate var inBrackets: String { map { " (\($0.text))" } ?? "" }
}

extension Meaning {
  fileprivate static let damaged = Meaning(
    "Its record is damaged: part of it could not be read.",
    "Check the raw JSON; if it is genuine, answer it with another tool.")
  fileprivate static let unknownKind = Meaning(
    "This program does not know its kind.",
    "Check the raw JSON. A newer version may support it.")
  fileprivate static let waitingForMembers = Meaning(
    "Not all members have consented. It becomes OPEN when they have.",
    "See its consent requests in Sent for the members that are missing.")
  fileprivate static let nothingToDecline = Meaning(
    "This request is to its own organization; it can only be cancelled.",
    "Cancel it.")
  fileprivate static let managementAccountCannotJoin = Meaning(
    "The account manages an organization, and cannot join another.",
    "Remove its members and delete that organization first.")
  fileprivate static let onlyManagementTransfers = Meaning(
    "Only a management account can transfer billing.",
    "Act as the management account of the recipient's organization.")
}

extension Plan.Refusal {
  /// Returns the cause and remedy for `answer`.
  fileprivate func meaning(for answer: Answer, in charset: Charset) -> Meaning {
    switch self {
    case .impediment(let impediment): impediment.meaning(for: answer, in: charset)
    case .damaged: .damaged
    case .secondAccept(let other, let account):
      Meaning(
        "Account \(account.text) already has \(other.text) planned, and can join only one "
          + "organization.",
        "Remove \(other.text) from the plan first.")
    case .unidentified(let account):
      Meaning(
        "The organization of account \(account.text) is not known yet.",
        "Wait until it has been read, or refresh.")
    case .locked:
      Meaning(
        "A wrong organization id was entered twice.",
        "Compare the ticket with the handshake. The row stays locked until the program is started"
          + " again.")
    case .noTime:
      Meaning("The service's time is not known yet.", "Wait until the first page has been read.")
    }
  }
}
