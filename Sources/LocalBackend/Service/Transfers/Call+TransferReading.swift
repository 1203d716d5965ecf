import GRDB
import Model
import Text

// Which transfers there are: for the management accounts of their two sides.

extension Call {
  /// ListInboundResponsibilityTransfers and ListOutboundResponsibilityTransfers: offers and transfers
  /// alike.
  func listTransfers(_ query: TransferQuery, _ page: PageRequest) throws -> TransferPage {
    try authorise()
    try checkTransferType(query.type)
    let id = try query.id.map { try Self.checkedTransferID($0) }
    let limit = try checkedLimit(page)
    let organization = try managedOrganization()
    if let id, try transfer(id, of: organization, query.direction) == nil {
      throw Refusal.transferNotFound
    }
    let name = "transfers \(query.direction.rawValue) \(organization.id.text) \(id ?? "")"
    let (rows, next) = try self.page(
      ListingTokens(listing: name), at: page.token, of: limit
    ) { after, count in
      try Row.fetchAll(
        db.cachedStatement(
          sql: """
            \(TransferRow.selection) WHERE \(Self.side(query.direction))
            AND (?4 IS NULL OR transfer.id = ?4) AND transfer.rowid > ?5
            ORDER BY transfer.rowid LIMIT ?6
            """),
        arguments: sideArguments(organization) + [id, after, count]
      ).map {
        let row = try TransferRow($0)
        return (row.seq, row)
      }
    }
    return TransferPage(
      transfers: try rows.map { try $0.transfer(seenBy: organization, at: now) }, next: next)
  }

  func describeTransfer(_ text: Untrusted) throws -> ResponsibilityTransfer {
    try authorise()
    let id = try Self.checkedTransferID(text)
    let organization = try managedOrganization()
    return try visibleTransfer(id, of: organization).transfer(seenBy: organization, at: now)
  }

  /// A transfer that the organization is a side of. Anything else is not found.
  func visibleTransfer(_ id: String, of organization: OrganizationRow) throws -> TransferRow {
    for direction in ResponsibilityTransfer.Direction.allCases {
      if let row = try transfer(id, of: organization, direction) { return row }
    }
    throw Refusal.transferNotFound
  }

  func checkTransferType(_ type: ResponsibilityTransfer.Kind) throws {
    guard type.unknownText == nil else {
      throw Refusal.invalidInput(.invalidEnum, "BILLING is the only type of transfer.")
    }
  }

  private func transfer(
    _ id: String, of organization: OrganizationRow, _ direction: ResponsibilityTransfer.Direction
  ) throws -> TransferRow? {
    try Row.fetchOne(
      db.cachedStatement(
        sql: "\(TransferRow.selection) WHERE \(Self.side(direction)) AND transfer.id = ?4"),
      arguments: sideArguments(organization) + [id]
    ).map { try TransferRow($0) }
  }

  /// An offer that came to nothing is forgotten with its handshake.
  private static func side(_ direction: ResponsibilityTransfer.Direction) -> String {
    let side =
      switch direction {
      case .inbound: "transfer.payer = ?1"
      case .outbound:
        "(transfer.source = ?1 OR (transfer.source IS NULL AND offer.recipient = ?2))"
      }
    return side
      + " AND (transfer.accepted IS NOT NULL OR coalesce(offer.ended, offer.expires) > ?3)"
  }

  private func sideArguments(_ organization: OrganizationRow) -> StatementArguments {
    [
      organization.id.text, organization.managementAccount.text,
      (now - Settlement.memory).milliseconds,
    ]
  }
}

extension Refusal {
  static let transferNotFound = Refusal(
    .responsibilityTransferNotFound, nil, "We can't find a transfer that you specified.")
}
