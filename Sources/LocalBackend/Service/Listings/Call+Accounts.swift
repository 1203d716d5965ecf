import GRDB
import Model
import Text

extension Call {
  /// ListAccounts: the members of the caller's organization, by account id.
  func listAccounts(_ page: PageRequest) throws -> MemberPage {
    try authorise()
    let limit = try checkedLimit(page)
    guard let organization = try callersOrganization() else { throw Refusal.notInUse }
    try requireManagementOrDelegate(organization)
    let (members, next) = try self.page(
      ListingTokens(listing: "accounts \(organization.id.text)"), at: page.token, of: limit
    ) { after, count in
      try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT accounts.id, accounts.name, accounts.email, accounts.status,
              memberships.method, memberships.joined
            FROM memberships JOIN accounts ON accounts.id = memberships.account
            WHERE memberships.organization = ? AND memberships.account > ?
            ORDER BY memberships.account LIMIT ?
            """), arguments: [organization.id.text, Int(after).padded(12), count]
      ).map { row in
        let member = try Member(Fields(row), of: organization)
        guard let position = Int64(member.account.text) else { throw DamagedRow(column: "id") }
        return (position, member)
      }
    }
    return MemberPage(members: members, next: next)
  }
}

extension Member {
  fileprivate init(_ fields: Fields, of organization: OrganizationRow) throws {
    let account = try fields.account("id")
    self.init(
      account: account,
      arn: Untrusted(
        "arn:aws:organizations::\(organization.managementAccount.text):account/"
          + "\(organization.id.text)/\(account.text)"),
      email: Untrusted(try fields.text("email")), name: try fields.bytes("name"),
      status: try fields.named("status"), state: try fields.named("status"),
      joinedMethod: try fields.named("method"), joined: try fields.time("joined"))
  }
}
