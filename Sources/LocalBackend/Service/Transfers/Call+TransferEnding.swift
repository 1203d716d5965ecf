import GRDB
import Model
import Text

// Changing and ending a transfer.

extension Call {
  /// UpdateResponsibilityTransfer: the name is the payer's, and so is its change.
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

  /// TerminateResponsibilityTransfer, by either side. An offer is not terminated: its handshake is
  /// canceled or declined.
  ///
  /// - Parameter end: the last instant of this month or the next; this month's when nil.
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

  /// The last millisecond of the month that is so many after the present one.
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
