import GRDB
import Model
import Text

/// A handshake as the store keeps it.
struct HandshakeRow {
  enum Kind: String {
    case invitation
    /// A member's consent to all features.
    case consent
    /// The same of a member that the organization created and that deleted the service's role.
    case roleConsent
    /// The parent of consents.
    case finalisation
    case transfer
  }

  /// Whom it was sent to, as the sender wrote it.
  enum Target: Hashable {
    case account(AccountID)
    case email(String)
  }

  var id: HandshakeID
  var organization: OrganizationID
  var kind: Kind
  var action: Action
  /// As it was last written; `state(at:)` is what holds.
  var state: State
  var requested: Timestamp
  var expires: Timestamp
  /// When it ended; nil while it is pending.
  var ended: Timestamp?
  var target: Target?
  /// The account that answers it: the target, or the account that has the address, if there is one.
  var recipient: AccountID?
  var parent: HandshakeID?
  /// The responsibility transfer's id (`rt-…`).
  var transfer: String?
  var notes: Untrusted?
  var tags: [Invitation.Tag] = []

  /// What the clock makes of the state.
  func state(at now: Timestamp) -> State {
    ended == nil && expires <= now ? .expired : state
  }

  /// When it came, or will have come, to an end.
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
    try db.cachedStatement(
      sql: """
        INSERT INTO handshakes (id, organization, kind, action, state, requested, expires, ended,
          target_type, target, recipient, parent, transfer, notes)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      id.text, organization.text, kind.rawValue, action.knownName, state.knownName,
      requested.milliseconds, expires.milliseconds, ended?.milliseconds, type, text,
      recipient?.text, parent?.text, transfer, notes?.data,
    ])
    for (position, tag) in tags.enumerated() {
      try db.cachedStatement(
        sql: "INSERT INTO handshake_tags (handshake, position, key, value) VALUES (?, ?, ?, ?)"
      ).execute(arguments: [id.text, position, tag.key.data, tag.value.data])
    }
  }
}
