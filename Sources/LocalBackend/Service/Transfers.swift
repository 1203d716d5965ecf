import Model
import Text

// InviteOrganizationToTransferResponsibility, and the effects of accepting it.

extension Transaction {
  /// The time before its start at which an offer expires.
  static let transferNotice = Span.hours(24)

  func inviteToTransfer(_ request: TransferRequest) throws -> Handshake {
    try authorise()
    try checkTransferType(request.type)
    let target = try checkedTarget(request.target)
    try checkNotes(request.notes)
    let name = try checkedTransferName(request.name)
    try checkStart(request.start)
    try checkTags(request.tags)
    if !request.tags.isEmpty { try require("organizations:TagResource") }
    let organization = try managedOrganization()
    let recipient = try account(for: target)
    guard recipient != caller else {
      throw Refusal.handshakeConstraint(
        .sourceAndTargetCannotMatch, "The source and the target of the transfer are the same.")
    }
    try checkNotPending(.transfer, target, recipient, from: organization.id)
    if let source = try recipient.flatMap({ try OrganizationRow.fetch(db, of: $0) }) {
      try checkNoTransfer(of: source.id)
    }
    try checkNotChanging(organization.id)
    let transfer = random.transferID()
    try execute(
      "INSERT INTO responsibility_transfers (id, name, starts, payer) VALUES (?, ?, ?, ?)",
      [transfer, name, request.start.milliseconds, organization.id.text])
    let row = HandshakeRow(
      id: newHandshakeID(), organization: organization.id, kind: .transfer,
      action: .transferResponsibility, state: .requested, requested: now,
      expires: request.start - Self.transferNotice, target: target, recipient: recipient,
      transfer: transfer, notes: request.notes, tags: request.tags)
    try row.insert(db)
    return try reply(row.id)
  }

  /// Returns the name if it matches `[ -~]+` and has 1 to 128 characters.
  func checkedTransferName(_ name: Untrusted) throws -> String {
    try name.checkLength(1...128)
    guard let text = name.asciiText else { throw Refusal.pattern }
    return text
  }

  /// Refuses a start that is not the first day of next month or the month after, at midnight UTC.
  ///
  /// It must also leave more than `transferNotice` to answer the offer.
  private func checkStart(_ start: Timestamp) throws {
    guard Timestamp.representable.contains(start) else {
      throw Refusal.invalidInput(.invalidStartDate, "The start date is not valid.")
    }
    let date = CivilDate(start)
    guard date.hour == 0, date.minute == 0, date.second == 0, date.millisecond == 0 else {
      throw Refusal.invalidInput(
        .startDateNotBeginningOfDay, "The start date is not at the beginning of a day (UTC).")
    }
    guard date.day == 1 else {
      throw Refusal.invalidInput(
        .startDateNotBeginningOfMonth, "The start date is not the first day of a month.")
    }
    let today = CivilDate(now)
    let months = (date.year - today.year) * 12 + date.month - today.month
    guard months >= 1, start - Self.transferNotice > now else {
      throw Refusal.invalidInput(.startDateTooEarly, "The start date is too early.")
    }
    guard months <= 2 else {
      throw Refusal.invalidInput(.startDateTooLate, "The start date is too late.")
    }
  }

  private func checkNoTransfer(of source: OrganizationID) throws {
    let active = try exists(
      """
      SELECT 1 FROM responsibility_transfers
      WHERE source = ? AND accepted IS NOT NULL AND withdrawn IS NULL
      """, [source.text])
    guard !active else {
      throw Refusal.handshakeConstraint(
        .responsibilityTransferAlreadyExists,
        "You can't perform this operation because the organization already has a transfer.")
    }
  }

  /// Transfers the bill of the caller's organization to the sender's organization.
  func handOverBill(_ stored: StoredHandshake) throws {
    let organization = try managedOrganization()
    guard organization.id != stored.row.organization else {
      throw Refusal.handshakeConstraint(
        .sourceAndTargetCannotMatch, "The source and the target of the transfer are the same.")
    }
    try checkNotChanging(organization.id)
    try checkNoTransfer(of: organization.id)
    try checkBilling()
    try execute(
      "UPDATE responsibility_transfers SET source = ?, accepted = ? WHERE id = ?",
      [organization.id.text, now.milliseconds, stored.row.transfer])
    try settle(stored.row, as: .accepted)
  }

  private func checkBilling() throws {
    guard let account = try AccountRow.fetch(db, caller) else {
      throw DamagedRow(column: "recipient")
    }
    if account.pastDue {
      throw Refusal.handshakeConstraint(
        .pastDueInvoice, "You can't perform this operation because an invoice is past due.")
    }
    if account.prepaidBalance {
      throw Refusal.handshakeConstraint(
        .unusedPrepaymentBalance,
        "You can't perform this operation because there is an outstanding pre-payment balance.")
    }
    if account.legacyPermissions {
      throw Refusal.handshakeConstraint(
        .legacyPermissionsStillInUse,
        "You can't perform this operation because legacy billing permissions are in use.")
    }
  }
}

// Reading transfers, which the management accounts of their two sides may do.

extension Transaction {
  /// Lists offers and transfers: ListInboundResponsibilityTransfers and
  /// ListOutboundResponsibilityTransfers.
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
      try db.all(
        """
        \(TransferRow.selection) WHERE \(Self.side(query.direction))
        AND (?4 IS NULL OR transfer.id = ?4) AND transfer.rowid > ?5
        ORDER BY transfer.rowid LIMIT ?6
        """, sideArguments(organization) + [id, after, count]
      ) { row in
        let transfer = try TransferRow(row)
        return (transfer.seq, transfer)
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

  /// Returns a transfer that the organization is a side of; any other is reported as not found.
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
    try db.first(
      "\(TransferRow.selection) WHERE \(Self.side(direction)) AND transfer.id = ?4",
      sideArguments(organization) + [id]
    ) { row in try TransferRow(row) }
  }

  /// Returns the SQL condition for the transfers on one side of an organization.
  ///
  /// An offer that was not accepted is forgotten with its handshake.
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

  private func sideArguments(_ organization: OrganizationRow) -> Values {
    [
      organization.id.text, organization.managementAccount.text,
      (now - ExpirySweep.memory).milliseconds,
    ]
  }
}

extension Refusal {
  static let transferNotFound = Refusal(
    .responsibilityTransferNotFound, nil, "We can't find a transfer that you specified.")
}

// Changing and ending a transfer.

extension Transaction {
  /// Renames a transfer, which only its payer may do: UpdateResponsibilityTransfer.
  func updateTransfer(_ text: Untrusted, name: Untrusted) throws -> ResponsibilityTransfer {
    try authorise()
    let id = try Self.checkedTransferID(text)
    let name = try checkedTransferName(name)
    let organization = try managedOrganization()
    let row = try visibleTransfer(id, of: organization)
    guard row.payer == organization.id else {
      throw Refusal.denied("Only the account that pays can change the transfer.")
    }
    guard [.requested, .accepted].contains(try row.status(at: now)) else {
      throw Refusal.constraint(
        .transferResponsibilityUpdateNotAllowed,
        "You can't update a transfer that is no longer active.")
    }
    try execute("UPDATE responsibility_transfers SET name = ? WHERE id = ?", [name, id])
    return try visibleTransfer(id, of: organization).transfer(seenBy: organization, at: now)
  }

  /// Ends an accepted transfer, by either side: TerminateResponsibilityTransfer.
  ///
  /// An offer is not terminated: its handshake is cancelled or declined. `end` is the last
  /// millisecond of this month or the next; nil means this month.
  func terminateTransfer(_ text: Untrusted, end: Timestamp?) throws -> ResponsibilityTransfer {
    try authorise()
    let id = try Self.checkedTransferID(text)
    let end = try end.map { try checkedEnd($0) } ?? endOfMonth(0)
    let organization = try managedOrganization()
    let row = try visibleTransfer(id, of: organization)
    switch try row.status(at: now) {
    case .accepted: break
    case .withdrawn:
      throw Refusal(
        .responsibilityTransferAlreadyInStatus, nil,
        "The responsibility transfer is already in the status that you specified.")
    case .requested, .declined, .canceled, .expired, .unknown:
      throw Refusal(
        .invalidResponsibilityTransferTransition, nil,
        "The responsibility transfer can't transition to the requested state because it's not in a "
          + "valid state for this operation.")
    }
    try checkNotChanging(organization.id)
    try execute(
      "UPDATE responsibility_transfers SET withdrawn = ?, ends = ? WHERE id = ?",
      [now.milliseconds, end.milliseconds, id])
    return try visibleTransfer(id, of: organization).transfer(seenBy: organization, at: now)
  }

  private func checkedEnd(_ end: Timestamp) throws -> Timestamp {
    guard Timestamp.representable.contains(end), let after = Self.next(after: end) else {
      throw Refusal.invalidInput(.invalidEndDate, "The end date is not valid.")
    }
    let date = CivilDate(after)
    guard date.day == 1, date.hour == 0, date.minute == 0, date.second == 0, date.millisecond == 0
    else {
      throw Refusal.invalidInput(
        .endDateNotEndOfMonth, "The end date is not the last instant of a month (UTC).")
    }
    guard end >= endOfMonth(0) else {
      throw Refusal.invalidInput(.endDateTooEarly, "The end date is too early.")
    }
    guard end <= endOfMonth(1) else {
      throw Refusal.invalidInput(.endDateTooLate, "The end date is too late.")
    }
    return end
  }

  /// Returns the last millisecond of the month that is `months` after the present one.
  private func endOfMonth(_ months: Int) -> Timestamp {
    let today = CivilDate(now)
    let month = today.month + months
    let first = CivilDate(
      year: today.year + month / 12, month: month % 12 + 1, day: 1)
    return first.instant - Span(milliseconds: 1)
  }

  private static func next(after end: Timestamp) -> Timestamp? {
    let after = end + Span(milliseconds: 1)
    return Timestamp.representable.contains(after) ? after : nil
  }
}
