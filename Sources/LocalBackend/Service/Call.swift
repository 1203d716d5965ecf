import GRDB
import Model

/// One request to the service, inside one transaction.
///
/// The operations are its extensions. Each checks first and changes then, in this
/// order: permission, input, look-up, party, state, constraints, dependency. A `Refusal`
/// thrown anywhere undoes everything.
struct Call {
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

extension Call {
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
