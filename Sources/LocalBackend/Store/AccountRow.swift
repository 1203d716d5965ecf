import GRDB
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
  init(_ row: Row) throws {
    let fields = Fields(row)
    id = try fields.account("id")
    name = try fields.bytes("name")
    email = try fields.text("email")
    created = try fields.time("created")
    createdBy = try fields.optionalOrganization("created_by")
    status = try fields.choice("status")
    seller = try fields.text("seller")
    payment = try fields.choice("payment")
    emailVerified = try fields.flag("email_verified")
    phoneVerified = try fields.flag("phone_verified")
    agreementAccepted = try fields.flag("agreement_accepted")
    pastDue = try fields.flag("past_due")
    prepaidBalance = try fields.flag("prepaid_balance")
    legacyPermissions = try fields.flag("legacy_permissions")
    serviceLinkedRole = try fields.flag("service_linked_role")
  }

  static func fetch(_ db: Database, _ id: AccountID) throws -> AccountRow? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM accounts WHERE id = ?"), arguments: [id.text]
    ).map { try AccountRow($0) }
  }

  func insert(_ db: Database) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO accounts (id, name, email, created, created_by, status, seller, payment,
          email_verified, phone_verified, agreement_accepted, past_due, prepaid_balance,
          legacy_permissions, service_linked_role)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      id.text, name.data, email, created.milliseconds, createdBy?.text, status.rawValue, seller,
      payment.rawValue, emailVerified, phoneVerified, agreementAccepted, pastDue, prepaidBalance,
      legacyPermissions, serviceLinkedRole,
    ])
  }
}
