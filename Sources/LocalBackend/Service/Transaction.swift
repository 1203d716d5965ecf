import Model
import Text

/// One request to the service inside one database transaction.
///
/// The operations are its extensions. Each one checks everything before it changes anything, in
/// this order: permission, input, look-up, party, state, constraints, dependency. A `Refusal`
/// thrown anywhere undoes everything.
struct Transaction {
  let db: Database
  let operation: Operation
  let caller: AccountID
  /// The store's time, the same for the whole request.
  let now: Timestamp
  let options: Store.Options
  let random: any RandomSource
  /// Whether an empty page precedes each page of a listing.
  let emptyPages: Bool
  /// The number of items on a page if the request gives none.
  let pageLength: Int
}

extension Transaction {
  /// Returns the organization that the caller is in; nil if it is standalone.
  func callersOrganization() throws -> OrganizationRow? {
    try OrganizationRow.fetch(db, of: caller)
  }

  /// Returns the organization that the caller manages, or refuses.
  func managedOrganization() throws -> OrganizationRow {
    guard let organization = try callersOrganization() else { throw Refusal.notInUse }
    guard organization.managementAccount == caller else {
      throw Refusal.denied(
        "You can call this operation only from the organization's management account.")
    }
    return organization
  }

  /// Refuses unless the caller is the management account or a delegated administrator.
  ///
  /// Only they may read what the organization sent.
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

  func exists(_ sql: String, _ values: Values) throws -> Bool { try db.exists(sql, values) }

  func count(_ sql: String, _ values: Values) throws -> Int {
    Int(try db.number(sql, values) ?? 0)
  }

  func execute(_ sql: String, _ values: Values) throws { try db.execute(sql, values) }
}

// Permissions: what IAM and the organization's policies allow, checked before anything else.

extension Transaction {
  /// Refuses unless the caller may call the operation.
  func authorise() throws {
    guard let account = try AccountRow.fetch(db, caller) else {
      throw Refusal.denied("Account \(caller.text) is not in this store.")
    }
    guard account.status == .active else {
      throw Refusal.denied("The account \(caller.text) is closed or suspended.")
    }
    try require("organizations:" + operation.rawValue)
  }

  /// Refuses unless the caller may perform `action`.
  func require(_ action: String) throws {
    guard let denier = try denier(of: action) else { return }
    throw Refusal.denied(
      "You don't have permissions to perform the requested operation: \(denier) denies \(action).")
  }

  /// Returns the kind of policy that denies `action`, as a phrase; nil if it is allowed.
  ///
  /// It is the account's own policy or the organization's. The latter applies to members only, and
  /// only in an organization with all features.
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

// New ids, in the form of the service's ids.

extension Transaction {
  /// Returns a new handshake id, `h-` and 32 hexadecimal digits.
  func newHandshakeID() -> HandshakeID { random.handshakeID() }
}

extension RandomSource {
  /// Returns a handshake id: `h-` and a version 4 UUID without its dashes.
  func handshakeID() -> HandshakeID {
    let digits = uuid().digits
    guard let id = HandshakeID("h-" + digits) else {
      // SAFETY: 32 lower-case hexadecimal digits are an id.
      preconditionFailure("32 hexadecimal digits are an id")
    }
    return id
  }

  /// Returns a transfer's id: `rt-` and a version 4 UUID without its dashes.
  func transferID() -> String { "rt-" + uuid().digits }

  /// Returns the id of a creation request: `car-` and a version 4 UUID without its dashes.
  func creationID() -> String { "car-" + uuid().digits }

  /// Returns an organization's id: `o-` and ten lower-case letters or digits.
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

/// The service's refusal of a request; nothing was changed.
struct Refusal: Error {
  var exception: ServiceException
  var reason: Reason?
  /// The message of the service's API reference, or as close to it as is known.
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

/// The update of handshakes that expired, and the deletion of those that the service has forgotten.
///
/// Reads do not depend on it, since they compare with the clock themselves; the constraints on
/// pending handshakes do.
struct ExpirySweep {
  let db: Database
  let now: Timestamp

  /// The time for which the service shows an ended handshake.
  static let memory = Span.days(30)

  func run() throws {
    try db.execute(
      """
      UPDATE handshakes SET state = 'EXPIRED', ended = expires
      WHERE ended IS NULL AND expires <= ?
      """, [now.milliseconds])
    let forgotten = (now - Self.memory).milliseconds
    // Consents are kept as long as their parent, whose state depends on them, and deleted with it.
    try db.execute("DELETE FROM handshakes WHERE ended <= ? AND parent IS NULL", [forgotten])
    guard db.changes > 0 else { return }
    try db.execute(
      """
      DELETE FROM responsibility_transfers WHERE accepted IS NULL
        AND NOT EXISTS (SELECT 1 FROM handshakes WHERE transfer = responsibility_transfers.id)
      """)
  }
}
