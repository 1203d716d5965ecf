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
      what: "This handshake was not staged to be \(answer.participle).", why: meaning.why,
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
        "It was listed before and is not listed any more.",
        "Read it again (r) to see what it is now.")
    case .unknownKind: .unknownKind
    case .settled(let state):
      Meaning(
        "It is \(Sanitiser.render(state.wireName, for: .dialog, in: charset)) already.",
        answer.renewal)
    case .expired(let time):
      Meaning("It expired at \(time.awsCLIText).", answer.renewal)
    case .waitingForMembers: .waitingForMembers
    case .onlySender(let account):
      Meaning(
        "Only the sender can cancel it\(account.inBrackets): you are the recipient.",
        "Decline it instead, or act as the sender.")
    case .onlyRecipient(let account):
      Meaning(
        "Only the recipient can \(answer.rawValue) it\(account.inBrackets): you are not.",
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
        "The account is a member of \(organization.text) already.",
        "Nothing is left to do: decline it, or let it expire.")
    case .onlyManagementTransfers: .onlyManagementTransfers
    }
  }
}

extension AccountID? {
  fileprivate var inBrackets: String { map { " (\($0.text))" } ?? "" }
}

extension Meaning {
  fileprivate static let damaged = Meaning(
    "Its record could not be read whole, so that what it says is not certain.",
    "Look at the raw JSON, and answer it with another tool if it is genuine.")
  fileprivate static let unknownKind = Meaning(
    "It is of a kind that this program does not know.",
    "Look at the raw JSON. A newer version may know it.")
  fileprivate static let waitingForMembers = Meaning(
    "Not every member has consented: it is REQUESTED until all have, and OPEN then.",
    "Look at its children among the sent ones, to see who is missing.")
  fileprivate static let nothingToDecline = Meaning(
    "The organization asked itself, so there is nobody who could decline.",
    "Cancel it instead.")
  fileprivate static let managementAccountCannotJoin = Meaning(
    "The account manages an organization, and cannot join another.",
    "Remove its members and delete that organization first.")
  fileprivate static let onlyManagementTransfers = Meaning(
    "Only a management account can hand a bill over.",
    "Act as the management account of the organization that is asked.")
}

extension Plan.Refusal {
  fileprivate func meaning(for answer: Answer, in charset: Charset) -> Meaning {
    switch self {
    case .impediment(let impediment): impediment.meaning(for: answer, in: charset)
    case .damaged: .damaged
    case .secondAccept(let other, let account):
      Meaning(
        "Account \(account.text) is to accept \(other.text) already, and an account can join one"
          + " organization only.",
        "Take \(other.text) out of the plan first.")
    case .unidentified(let account):
      Meaning(
        "It is not known yet what account \(account.text) is in.",
        "Wait until it has been read, or refresh.")
    case .locked:
      Meaning(
        "The expected organization was stated wrongly twice.",
        "Compare the ticket with the handshake. The row is locked until the program is started"
          + " again.")
    case .noTime:
      Meaning("The service's time is not known yet.", "Wait until the first page has been read.")
    }
  }
}
