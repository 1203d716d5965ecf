import GRDB
import Model
import Text

/// One request to the service, inside one transaction.
///
/// The operations are its extensions. Each checks first and changes then, in this
/// order: permission, input, look-up, party, state, constraints, dependency. A `Refusal`
/// thrown anywhere undoes everything.
struct Transaction {
  let db: Database
  let operation: Operation
  let caller: AccountID
  /// The store's time, the same for the whole request.
  let now: Timestamp
  let options: Store.Options
  let random: any RandomSource
  /// Whether listings give a page without anything now and then.
  let emptyPages: Bool
  /// How many a page holds when the request does not say.
  let pageLength: Int
}

extension Transaction {
  /// The organization that the caller is in.
  func callersOrganization() throws -> OrganizationRow? {
    try OrganizationRow.fetch(db, of: caller)
  }

  /// The organization that the caller manages.
  func managedOrganization() throws -> OrganizationRow {
    guard let organization = try callersOrganization() else { throw Refusal.notInUse }
    guard organization.managementAccount == caller else {
      throw Refusal.denied(
        "You can call this operation only from the organization's management account.")
    }
    return organization
  }

  /// Reading what the organization did is for its management account and its delegated
  /// administrators.
  func requireManagementOrDelegate(_ organization: OrganizationRow) throws {
    guard try organization.managementAccount == caller || isDelegatedAdministrator(caller) else {
      throw Refusal.denied(
        "You can call this operation only from the organization's management account or by a "
          + "member account that is a delegated administrator.")
    }
  }

  func isDelegatedAdministrator(_ account: AccountID) throws -> Bool {
    try exists(
      "SELECT 1 FROM delegated_administrators WHERE account = ?", [account.text])
  }

  func exists(_ sql: String, _ arguments: StatementArguments) throws -> Bool {
    try Row.fetchOne(db.cachedStatement(sql: sql), arguments: arguments) != nil
  }

  func count(_ sql: String, _ arguments: StatementArguments) throws -> Int {
    try Int.fetchOne(db.cachedStatement(sql: sql), arguments: arguments) ?? 0
  }

  func execute(_ sql: String, _ arguments: StatementArguments) throws {
    try db.cachedStatement(sql: sql).execute(arguments: arguments)
  }
}

// Who may ask at all: what IAM and the organization's policies say, before anything is looked at.

extension Transaction {
  /// Refuses unless the caller may send the operation.
  func authorise() throws {
    guard let account = try AccountRow.fetch(db, caller) else {
      throw Refusal.denied("Account \(caller.text) is not in this store.")
    }
    guard account.status == .active else {
      throw Refusal.denied("The account \(caller.text) is closed or suspended.")
    }
    try require("organizations:" + operation.rawValue)
  }

  /// Refuses unless the caller may do `action`.
  func require(_ action: String) throws {
    guard let denier = try denier(of: action) else { return }
    throw Refusal.denied(
      "You don't have permissions to perform the requested operation: \(denier) denies \(action).")
  }

  /// What stands against `action`, in words: the account's own permissions, or a policy of the
  /// organization. Policies bind members only, and only in an organization with all features.
  func denier(of action: String) throws -> String? {
    if try exists(
      "SELECT 1 FROM denied_actions WHERE account = ? AND action = ?", [caller.text, action])
    {
      return "an identity-based policy"
    }
    let bound = try exists(
      """
      SELECT 1 FROM memberships
      JOIN organizations ON organizations.id = memberships.organization
      JOIN policy_denials ON policy_denials.organization = organizations.id
      WHERE memberships.account = ?1 AND organizations.management_account <> ?1
        AND organizations.feature_set = 'ALL' AND policy_denials.action = ?2
      """, [caller.text, action])
    return bound ? "a service control policy" : nil
  }
}

// New ids, of the service's own form.

extension Transaction {
  /// `h-` and the 32 hexadecimal digits of a random UUID.
  func newHandshakeID() -> HandshakeID { random.handshakeID() }
}

extension RandomSource {
  /// `h-` and a version 4 UUID without its dashes.
  func handshakeID() -> HandshakeID {
    let digits = uuid().digits
    guard let id = HandshakeID("h-" + digits) else {
      // SAFETY: 32 lower-case hexadecimal digits are an id.
      preconditionFailure("32 hexadecimal digits are an id")
    }
    return id
  }

  /// `rt-` and a version 4 UUID without its dashes.
  func transferID() -> String { "rt-" + uuid().digits }

  /// `car-` and a version 4 UUID without its dashes.
  func creationID() -> String { "car-" + uuid().digits }

  /// `o-` and ten letters or digits.
  func organizationID() -> OrganizationID {
    let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789")
    let text = bytes(10).map { alphabet[Int($0) % alphabet.count] }
    guard let id = OrganizationID("o-" + String(text)) else {
      // SAFETY: ten characters of that alphabet are an id.
      preconditionFailure("ten letters or digits are an id")
    }
    return id
  }
}

/// The service says no, and nothing has changed.
struct Refusal: Error {
  var exception: ServiceException
  var reason: Reason?
  /// In the words of the service's API reference, or as near as they are known.
  var message: String
  var retryAfter: Span?

  init(
    _ exception: ServiceException, _ reason: Reason? = nil, _ message: String,
    retryAfter: Span? = nil
  ) {
    self.exception = exception
    self.reason = reason
    self.message = message
    self.retryAfter = retryAfter
  }
}

extension Refusal {
  static func invalidInput(_ reason: Reason, _ message: String) -> Refusal {
    Refusal(.invalidInput, reason, message)
  }
  static func handshakeConstraint(_ reason: Reason, _ message: String) -> Refusal {
    Refusal(.handshakeConstraintViolation, reason, message)
  }
  static func constraint(_ reason: Reason, _ message: String, retryAfter: Span? = nil) -> Refusal {
    Refusal(.constraintViolation, reason, message, retryAfter: retryAfter)
  }
  static func denied(_ message: String) -> Refusal { Refusal(.accessDenied, nil, message) }

  static let pattern = Refusal(
    .invalidInput, .invalidPattern,
    "You provided a value that does not match the required pattern.")
  static let notInUse = Refusal(
    .awsOrganizationsNotInUse, nil, "Your account isn't a member of an organization.")
  static let handshakeNotFound = Refusal(
    .handshakeNotFound, nil, "We can't find a handshake with the handshake ID that you specified.")
}

/// Writes down what the clock has done: pending handshakes that expired, and those that the service
/// has forgotten. Readers do not depend on it (they compare with the clock themselves); the
/// constraints on pending handshakes do.
struct ExpirySweep {
  let db: Database
  let now: Timestamp

  /// How long the service shows a handshake after its end.
  static let memory = Span.days(30)

  func run() throws {
    try db.cachedStatement(
      sql: """
        UPDATE handshakes SET state = 'EXPIRED', ended = expires
        WHERE ended IS NULL AND expires <= ?
        """
    ).execute(arguments: [now.milliseconds])
    let forgotten = (now - Self.memory).milliseconds
    // Children stay as long as their parent, which counts their consents; they go with it.
    try db.cachedStatement(
      sql: "DELETE FROM handshakes WHERE ended <= ? AND parent IS NULL"
    ).execute(arguments: [forgotten])
    guard db.changesCount > 0 else { return }
    try db.execute(
      sql: """
        DELETE FROM responsibility_transfers WHERE accepted IS NULL
          AND NOT EXISTS (SELECT 1 FROM handshakes WHERE transfer = responsibility_transfers.id)
        """)
  }
}
