import Model
import Text

/// A handshake as the store keeps it.
struct HandshakeRow {
  enum Kind: String {
    case invitation
    /// A member's consent to enabling all features.
    case consent
    /// The consent of a member that the organization created and that deleted the service-linked
    /// role.
    case roleConsent
    /// The parent of the consents, which the management account finalises.
    case finalisation
    case transfer
  }

  /// The account or address that a handshake was sent to, as the sender wrote it.
  enum Target: Hashable {
    case account(AccountID)
    case email(String)
  }

  var id: HandshakeID
  var organization: OrganizationID
  var kind: Kind
  var action: Action
  /// The state that was last written; `state(at:)` also considers the clock.
  var state: HandshakeState
  var requested: Timestamp
  var expires: Timestamp
  /// The time of the answer or expiry; nil while the handshake is pending.
  var ended: Timestamp?
  var target: Target?
  /// The account that answers: the target, or the account that has the target's address, if any.
  var recipient: AccountID?
  var parent: HandshakeID?
  /// The responsibility transfer's id, `rt-…`.
  var transfer: String?
  var notes: Untrusted?
  var tags: [Invitation.Tag] = []

  /// Returns the state at `now`: a pending handshake past its expiry is expired.
  func state(at now: Timestamp) -> HandshakeState {
    ended == nil && expires <= now ? .expired : state
  }

  /// Returns the time of the end if the handshake has ended by `now`, else nil.
  func end(at now: Timestamp) -> Timestamp? {
    ended ?? (expires <= now ? expires : nil)
  }
}

extension HandshakeRow {
  func insert(_ db: Database) throws {
    let (type, text): (String?, String?) =
      switch target {
      case .account(let account): ("ACCOUNT", account.text)
      case .email(let address): ("EMAIL", address)
      case nil: (nil, nil)
      }
    try db.execute(
      """
      INSERT INTO handshakes (id, organization, kind, action, state, requested, expires, ended,
        target_type, target, recipient, parent, transfer, notes)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        id.text, organization.text, kind.rawValue, action.knownName, state.knownName,
        requested.milliseconds, expires.milliseconds, ended?.milliseconds, type, text,
        recipient?.text, parent?.text, transfer, notes,
      ])
    for (position, tag) in tags.enumerated() {
      try db.execute(
        "INSERT INTO handshake_tags (handshake, position, key, value) VALUES (?, ?, ?, ?)",
        [id.text, position, tag.key, tag.value])
    }
  }
}

/// A handshake with the facts about its sender, read in one query.
struct StoredHandshake {
  var seq: Int64
  var row: HandshakeRow
  var managementAccount: AccountID
  var managementEmail: String
  var managementName: Untrusted
  var featureSet: FeatureSet
  var transferStart: Timestamp?
}

extension StoredHandshake {
  /// The columns and joins of a handshake's reply; conditions and order are appended.
  static let selection = """
    SELECT handshakes.*, organizations.management_account, organizations.feature_set,
      accounts.email AS management_email, accounts.name AS management_name,
      responsibility_transfers.starts
    FROM handshakes
    JOIN organizations ON organizations.id = handshakes.organization
    JOIN accounts ON accounts.id = organizations.management_account
    LEFT JOIN responsibility_transfers ON responsibility_transfers.id = handshakes.transfer
    """

  init(_ row: borrowing ResultRow) throws {
    seq = try row.number("seq")
    self.row = try HandshakeRow(row)
    managementAccount = try row.account("management_account")
    managementEmail = try row.text("management_email")
    managementName = try row.bytes("management_name")
    featureSet = try row.named("feature_set")
    transferStart = try row.optionalTime("starts")
  }

  static func fetch(_ db: Database, _ id: HandshakeID) throws -> StoredHandshake? {
    try db.first(selection + " WHERE handshakes.id = ?", [id.text]) { row in
      try StoredHandshake(row)
    }
  }
}

extension HandshakeRow {
  fileprivate init(_ row: borrowing ResultRow) throws {
    id = try row.handshake("id")
    organization = try row.organization("organization")
    kind = try row.choice("kind")
    action = try row.named("action")
    state = try row.named("state")
    requested = try row.time("requested")
    expires = try row.time("expires")
    ended = try row.optionalTime("ended")
    switch try row.optionalText("target_type") {
    case nil: target = nil
    case "ACCOUNT": target = .account(try row.account("target"))
    default: target = .email(try row.text("target"))
    }
    recipient = try row.optionalAccount("recipient")
    parent = try row.optionalHandshake("parent")
    transfer = try row.optionalText("transfer")
    notes = try row.optionalBytes("notes")
  }
}

extension StoredHandshake {
  /// Returns the handshake as the service shows it at `now`.
  ///
  /// It has the service's quirks: an ORGANIZATION party without `o-`, a PARENT_HANDSHAKE without
  /// `h-`, and the parties in either order.
  func handshake(at now: Timestamp, organizationFirst: Bool) throws -> Handshake {
    let segment = row.action.arnSegment
    let text =
      "arn:aws:organizations::\(managementAccount.text):handshake/\(row.organization.text)"
      + "/\(segment)/\(row.id.text)"
    guard let arn = HandshakeARN(text) else { throw DamagedRow(column: "action") }
    let organization = Party(id: Untrusted(String(row.organization.bare)), type: .organization)
    var parties = [organization]
    if let recipient = recipientParty {
      parties = organizationFirst ? [organization, recipient] : [recipient, organization]
    }
    return Handshake(
      id: row.id, arn: arn, parties: parties, state: row.state(at: now),
      requested: row.requested, expires: row.expires, action: row.action,
      resources: resources(at: now))
  }

  private var recipientParty: Party? {
    switch row.target {
    case .account(let account): Party(id: Untrusted(account.text), type: .account)
    case .email(let address): Party(id: Untrusted(address), type: .email)
    case nil: nil
    }
  }

  private func resources(at now: Timestamp) -> [Resource] {
    switch row.kind {
    case .invitation:
      [organization(with: invitersFacts), recipientResource(at: now)].compactMap(\.self) + remarks
    case .finalisation: [organization(with: [])]
    case .consent, .roleConsent:
      [
        row.parent.map { Resource(type: .parentHandshake, value: Untrusted(String($0.bare))) },
        organization(with: []), recipientResource(at: now),
      ].compactMap(\.self)
    case .transfer:
      [organization(with: payersFacts)] + transferFacts
        + [recipientResource(at: now)].compactMap(\.self) + remarks
    }
  }

  private func organization(with facts: [Resource]) -> Resource {
    Resource(type: .organization, value: Untrusted(row.organization.text), resources: facts)
  }

  private var invitersFacts: [Resource] {
    [
      Resource(type: .masterEmail, value: Untrusted(managementEmail)),
      Resource(type: .masterName, value: managementName),
      Resource(type: .organizationFeatureSet, value: featureSet.wireName),
    ]
  }

  private var payersFacts: [Resource] {
    [
      Resource(type: .managementAccount, value: Untrusted(managementAccount.text)),
      Resource(type: .managementEmail, value: Untrusted(managementEmail)),
      Resource(type: .managementName, value: managementName),
    ]
  }

  private var transferFacts: [Resource] {
    var facts = [Resource(type: .transferType, value: Untrusted("BILLING"))]
    if let transfer = row.transfer {
      facts.insert(Resource(type: .responsibilityTransfer, value: Untrusted(transfer)), at: 0)
    }
    if let transferStart {
      facts.append(
        Resource(type: .transferStartTimestamp, value: Untrusted(transferStart.journalText)))
    }
    return facts
  }

  /// Returns the recipient's resource; for an accepted handshake the account replaces the address.
  private func recipientResource(at now: Timestamp) -> Resource? {
    switch row.target {
    case .account(let account): Resource(type: .account, value: Untrusted(account.text))
    case .email(let address):
      if row.state == .accepted, let recipient = row.recipient {
        Resource(type: .account, value: Untrusted(recipient.text))
      } else {
        Resource(type: .email, value: Untrusted(address))
      }
    case nil: nil
    }
  }

  private var remarks: [Resource] {
    row.notes.map { [Resource(type: .notes, value: $0)] } ?? []
  }
}

extension Action {
  /// The action's segment in the ARN: the action in lower case.
  ///
  /// One action is longer than the 32 letters of the API's pattern for ARNs. What AWS writes there
  /// is not known, so it is shortened to fit.
  fileprivate var arnSegment: String {
    if case .addOrganizationsServiceLinkedRole = self { return "add_service_linked_role" }
    return (knownName ?? "").lowercased()
  }
}
