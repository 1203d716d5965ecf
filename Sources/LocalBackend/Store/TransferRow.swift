import Model
import Text

/// A responsibility transfer with its two sides and the handshake that offered it, read in one
/// query.
struct TransferRow {
  var seq: Int64
  var id: String
  var name: String
  var starts: Timestamp
  var ends: Timestamp?
  var payer: OrganizationID
  var payerAccount: AccountID
  var payerEmail: String
  /// The organization whose bill is paid; nil before the offer is accepted.
  var source: OrganizationID?
  /// The source's management account; before the accept, the recipient of the offer, if it is
  /// known.
  var sourceAccount: AccountID?
  var sourceEmail: String?
  var accepted: Timestamp?
  var withdrawn: Timestamp?
  var offer: Offer?

  /// The handshake that offered the transfer, which the service forgets in time.
  struct Offer {
    var id: HandshakeID
    var state: HandshakeState
    var expires: Timestamp
    var ended: Timestamp?
  }
}

extension TransferRow {
  /// The columns and joins of a transfer; conditions and order are appended.
  static let selection = """
    SELECT transfer.rowid AS seq, transfer.*,
      payer.management_account AS payer_account, payer_account.email AS payer_email,
      coalesce(source.management_account, offer.recipient) AS source_account,
      coalesce(source_account.email, iif(offer.target_type = 'EMAIL', offer.target, NULL))
        AS source_email,
      offer.id AS offer, offer.state AS offer_state, offer.expires AS offer_expires,
      offer.ended AS offer_ended
    FROM responsibility_transfers AS transfer
    JOIN organizations AS payer ON payer.id = transfer.payer
    JOIN accounts AS payer_account ON payer_account.id = payer.management_account
    LEFT JOIN organizations AS source ON source.id = transfer.source
    LEFT JOIN handshakes AS offer ON offer.transfer = transfer.id
    LEFT JOIN accounts AS source_account
      ON source_account.id = coalesce(source.management_account, offer.recipient)
    """

  init(_ row: borrowing ResultRow) throws {
    seq = try row.number("seq")
    id = try row.text("id")
    name = try row.text("name")
    starts = try row.time("starts")
    ends = try row.optionalTime("ends")
    payer = try row.organization("payer")
    payerAccount = try row.account("payer_account")
    payerEmail = try row.text("payer_email")
    source = try row.optionalOrganization("source")
    sourceAccount = try row.optionalAccount("source_account")
    sourceEmail = try row.optionalText("source_email")
    accepted = try row.optionalTime("accepted")
    withdrawn = try row.optionalTime("withdrawn")
    if let id = try row.optionalHandshake("offer") {
      offer = Offer(
        id: id, state: try row.named("offer_state"),
        expires: try row.time("offer_expires"), ended: try row.optionalTime("offer_ended"))
    }
  }
}

// MARK: The service's view

extension TransferRow {
  func status(at now: Timestamp) throws -> ResponsibilityTransfer.Status {
    if withdrawn != nil { return .withdrawn }
    if accepted != nil { return .accepted }
    guard let offer else { throw DamagedRow(column: "transfer") }
    let isOver = offer.ended == nil && offer.expires <= now
    switch isOver ? HandshakeState.expired : offer.state {
    case .requested, .open: return .requested
    case .declined: return .declined
    case .canceled: return .canceled
    case .expired: return .expired
    case .accepted, .unknown: throw DamagedRow(column: "state")
    }
  }

  /// Returns the transfer as the service shows it to `organization`, which is one of its sides.
  func transfer(
    seenBy organization: OrganizationRow, at now: Timestamp
  ) throws -> ResponsibilityTransfer {
    let direction: ResponsibilityTransfer.Direction =
      payer == organization.id ? .inbound : .outbound
    return ResponsibilityTransfer(
      arn: Untrusted(
        "arn:aws:organizations::\(organization.managementAccount.text):transfer/"
          + "\(organization.id.text)/billing/\(direction.rawValue)/\(id)"),
      name: Untrusted(name), id: Untrusted(id), type: .billing, status: try status(at: now),
      source: .init(
        managementAccount: sourceAccount, managementEmail: sourceEmail.map { Untrusted($0) }),
      target: .init(managementAccount: payerAccount, managementEmail: Untrusted(payerEmail)),
      start: starts, end: ends, handshake: rememberedOffer(at: now))
  }

  private func rememberedOffer(at now: Timestamp) -> HandshakeID? {
    guard let offer else { return nil }
    let end = offer.ended ?? offer.expires
    return end + ExpirySweep.memory > now ? offer.id : nil
  }
}
