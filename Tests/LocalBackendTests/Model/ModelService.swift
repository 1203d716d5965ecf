import LocalBackend
import Model

/// An organization service in plain values, to compare the store with.
///
/// Written from the documentation of AWS and not from the store: no row, no query, no transaction,
/// and nothing is ever deleted. Each request is a function of the contents and the clock.
struct ModelService {
  /// The service's clock.
  var now: Timestamp
  let reading: Store.Reading
  /// By id.
  var accounts: [String: Account] = [:]
  var organizations: [String: Organization] = [:]
  /// In the order of their creation.
  var offers: [Offer] = []
  var transfers: [Transfer] = []
}

extension ModelService {
  struct Account {
    let id: String
    var name: String
    var email: String
    var created: Timestamp
    var isActive = true
    var seller = "AWS Inc."
    var payment = Payment.valid
    var emailVerified = true
    var phoneVerified = true
    var agreementAccepted = true
    var pastDue = false
    var prepaidBalance = false
    var legacyPermissions = false
    /// The service has its role in it.
    var hasRole = false
    var isDelegate = false
    /// The operations that its own permissions deny it.
    var denied: Set<String> = []
    var membership: Membership?
  }

  enum Payment: String {
    case valid
    case invalid
    case none
  }

  struct Membership {
    var organization: String
    var wasInvited: Bool
  }

  struct Organization {
    let id: String
    let management: String
    var features: FeatureSet
    var created: Timestamp
    var limit = 10
    var ready: Timestamp?
    var changingUntil: Timestamp?
    /// The operations that its policies deny its members.
    var denied: Set<String> = []
    /// The times of invitations that were not accepted.
    var attempts: [String: Timestamp] = [:]
  }

  /// A handshake.
  struct Offer {
    enum Kind {
      case invitation
      /// A member's consent to all features, or to creating the service's role again.
      case consent
      case roleConsent
      case finalisation
      case transfer
    }

    let id: String
    let kind: Kind
    let sender: String
    var state: HandshakeState
    let requested: Timestamp
    let expires: Timestamp
    var ended: Timestamp?
    var account: String?
    var address: String?
    /// The account that answers it.
    var recipient: String?
    var parent: String?
    var transfer: String?
    var notes: [UInt8]?
    /// The member that was asked has left since.
    var isMoot = false

    var isPending: Bool { ended == nil }
  }

  struct Transfer {
    let id: String
    var name: String
    let start: Timestamp
    let payer: String
    let offer: String
    /// The account whose bill it is.
    var source: String?
    var withdrawn = false
    var end: Timestamp?
  }

  /// The service refuses.
  struct Refused: Error, Hashable {
    var exception: ServiceException
    var reason: Reason?

    init(_ exception: ServiceException, _ reason: Reason? = nil) {
      self.exception = exception
      self.reason = reason
    }

    static func input(_ reason: Reason) -> Refused { Refused(.invalidInput, reason) }
    static func joining(_ reason: Reason) -> Refused {
      Refused(.handshakeConstraintViolation, reason)
    }
    static func limit(_ reason: Reason) -> Refused { Refused(.constraintViolation, reason) }
  }
}

// MARK: The clock

extension ModelService {
  static let memory = Span.days(30)

  /// The effect of the clock alone: a pending handshake ends at its expiry.
  mutating func passTime(to instant: Timestamp) {
    now = instant
    for index in offers.indices where offers[index].isPending && offers[index].expires <= now {
      offers[index].state = .expired
      offers[index].ended = offers[index].expires
    }
  }

  /// An ended handshake is shown for 30 days.
  func isRemembered(_ offer: Offer) -> Bool { offer.ended.map { now < $0 + Self.memory } ?? true }
}

// MARK: Who and where

extension ModelService {
  func organization(of account: String) -> Organization? {
    accounts[account]?.membership.flatMap { organizations[$0.organization] }
  }

  func members(of organization: String) -> [Account] {
    accounts.values.filter { $0.membership?.organization == organization }.sorted { $0.id < $1.id }
  }

  func isManager(_ account: String) -> Bool { organization(of: account)?.management == account }

  /// Addresses are compared without case.
  func account(withAddress address: String) -> Account? {
    accounts.values.first { $0.email.lowercased() == address.lowercased() }
  }

  /// Policies bind members only, and only with all features.
  func isDenied(_ action: String, to account: Account) -> Bool {
    if account.denied.contains(action) { return true }
    guard let home = organization(of: account.id), home.features == .all,
      home.management != account.id
    else { return false }
    return home.denied.contains(action)
  }

  func require(_ action: String, of account: Account) throws(Refused) {
    if isDenied(action, to: account) { throw Refused(.accessDenied) }
  }

  /// The caller, if it may call at all.
  func authorised(_ caller: String, _ operation: Operation) throws(Refused) -> Account {
    guard let account = accounts[caller], account.isActive else { throw Refused(.accessDenied) }
    try require("organizations:" + operation.rawValue, of: account)
    return account
  }

  func home(of caller: String) throws(Refused) -> Organization {
    guard let home = organization(of: caller) else { throw Refused(.awsOrganizationsNotInUse) }
    return home
  }

  func managed(by caller: String) throws(Refused) -> Organization {
    let home = try home(of: caller)
    guard home.management == caller else { throw Refused(.accessDenied) }
    return home
  }

  func readable(by caller: String) throws(Refused) -> Organization {
    let home = try home(of: caller)
    guard home.management == caller || accounts[caller]?.isDelegate == true else {
      throw Refused(.accessDenied)
    }
    return home
  }

  /// A longer change blocks every other change of the organization.
  func requireCalm(_ organization: String) throws(Refused) {
    if let until = organizations[organization]?.changingUntil, now < until {
      throw Refused(.concurrentModification)
    }
  }
}
