import Model
import Text

extension Explanation {
  /// Why an answer cannot be given to a handshake.
  public init(_ impediment: Impediment, to answer: Answer, in charset: Charset) {
    what = "This handshake cannot be \(answer.participle)."
    let meaning = impediment.meaning(for: answer, in: charset)
    why = meaning.why
    remedy = meaning.remedy
  }

  /// Why a row was not staged.
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
  /// `accepted`
  public var participle: String {
    switch self {
    case .accept: "accepted"
    case .decline: "declined"
    case .cancel: "canceled"
    }
  }

  /// What to do where the handshake is over: who cancels it is its sender.
  var renewal: String {
    switch self {
    case .accept, .decline: "A new invitation is needed if it is still wanted."
    case .cancel: "Send a new one if it is still wanted."
    }
  }
}

extension Impediment {
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
