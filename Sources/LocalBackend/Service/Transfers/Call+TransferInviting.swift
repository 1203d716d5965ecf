import GRDB
import Model
import Text

// InviteOrganizationToTransferResponsibility, and what accepting it does.

extension Call {
  /// It must be answered this long before it starts.
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

  /// `[ -~]+`, 1 to 128 characters.
  func checkedTransferName(_ name: Untrusted) throws -> String {
    try name.checkLength(1...128)
    guard let text = name.asciiText else { throw Refusal.pattern }
    return text
  }

  /// The first day of next month or of the month after, at midnight UTC, and not so near that nobody
  /// could answer in time.
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

  /// The caller's organization gives its bill to the sender's.
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
