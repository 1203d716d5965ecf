import Model
import Text

/// An account, with the properties that handshakes depend on.
struct AccountRow {
  enum Status: String {
    case active = "ACTIVE"
    case suspended = "SUSPENDED"
    case pendingClosure = "PENDING_CLOSURE"
  }
  enum Payment: String {
    case valid
    case invalid
    case none
  }

  var id: AccountID
  var name: Untrusted
  var email: String
  var created: Timestamp
  var createdBy: OrganizationID?
  var status = Status.active
  /// The seller of record, an AWS company such as `AWS Inc.` or `AWS India`.
  var seller = Self.usualSeller
  var payment = Payment.valid
  var emailVerified = true
  var phoneVerified = true
  var agreementAccepted = true
  var pastDue = false
  var prepaidBalance = false
  var legacyPermissions = false
  var serviceLinkedRole = false

  static let usualSeller = "AWS Inc."

  init(
    id: AccountID, name: Untrusted, email: String, created: Timestamp,
    createdBy: OrganizationID? = nil
  ) {
    self.id = id
    self.name = name
    self.email = email
    self.created = created
    self.createdBy = createdBy
  }
}

extension AccountRow {
  init(_ row: borrowing ResultRow) throws {
    id = try row.account("id")
    name = try row.bytes("name")
    email = try row.text("email")
    created = try row.time("created")
    createdBy = try row.optionalOrganization("created_by")
    status = try row.choice("status")
    seller = try row.text("seller")
    payment = try row.choice("payment")
    emailVerified = try row.flag("email_verified")
    phoneVerified = try row.flag("phone_verified")
    agreementAccepted = try row.flag("agreement_accepted")
    pastDue = try row.flag("past_due")
    prepaidBalance = try row.flag("prepaid_balance")
    legacyPermissions = try row.flag("legacy_permissions")
    serviceLinkedRole = try row.flag("service_linked_role")
  }

  static func fetch(_ db: Database, _ id: AccountID) throws -> AccountRow? {
    try db.first("SELECT * FROM accounts WHERE id = ?", [id.text]) { row in try AccountRow(row) }
  }

  func insert(_ db: Database) throws {
    try db.execute(
      """
      INSERT INTO accounts (id, name, email, created, created_by, status, seller, payment,
        email_verified, phone_verified, agreement_accepted, past_due, prepaid_balance,
        legacy_permissions, service_linked_role)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        id.text, name, email, created.milliseconds, createdBy?.text, status.rawValue, seller,
        payment.rawValue, emailVerified, phoneVerified, agreementAccepted, pastDue, prepaidBalance,
        legacyPermissions, serviceLinkedRole,
      ])
  }
}
