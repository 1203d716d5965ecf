import Model
import Text

/// The standing of a sender as lists, reviews and commands show it: its trust, and whether its name can
/// be mistaken for that of a known organization.
public enum TrustMark: String, Hashable, CaseIterable, Sendable {
  /// It is not trusted, and its name looks like that of a known organization.
  case like
  /// It is not trusted.
  case new
  case own
  case ok

  /// A look-alike is never trusted, so that one that is trusted is none.
  public init(_ trust: Trust, isLookAlike: Bool) {
    switch trust {
    case .ok: self = .ok
    case .own: self = .own
    case .new: self = isLookAlike ? .like : .new
    }
  }

  /// The text of the TRUST column.
  public var text: String {
    switch self {
    case .like: "like!"
    case .new: "new?"
    case .own: "own"
    case .ok: "ok"
    }
  }

  /// Whether a filter for `wanted` lets it through. A look-alike is one of those that are not trusted.
  public func passes(_ wanted: TrustMark) -> Bool {
    self == wanted || (self == .like && wanted == .new)
  }

  /// The place in an order that shows first what needs the closest look.
  var rank: UInt64 { UInt64(Self.allCases.firstIndex(of: self) ?? 0) }
}

extension SenderTrust {
  /// How the sender is shown.
  public var mark: TrustMark { TrustMark(trust, isLookAlike: lookAlike != nil) }
}

extension Inbox {
  /// Returns how a row's sender is shown.
  public func trustMark(of row: Row) -> TrustMark { store.trustMark(of: row) }

  /// Returns the known organization that a row's sender can be mistaken for; nil for a sender that is
  /// trusted.
  public func lookAlike(of row: Row) -> LookAlike? {
    trust(of: row) == .new ? trustList.lookAlike(of: row.handshake) : nil
  }

  /// Returns the names under which an organization was seen in any row, trusted or not, in the order of
  /// the rows.
  public func names(
    of organization: OrganizationID, managedBy account: AccountID
  ) -> [Untrusted] {
    var names: [Untrusted] = []
    for row in store.rows {
      guard let arn = row.handshake.arn, arn.organization == organization, arn.account == account,
        let name = row.handshake.senderName, !names.contains(name)
      else { continue }
      names.append(name)
    }
    return names
  }

  /// Takes over the names that the journal keeps: those under which handshakes were accepted where
  /// `counts` says so, and those that trusted organizations were given.
  public mutating func noteNames(
    in journal: JournalNotes, where counts: (ServicePlace) -> Bool
  ) {
    store.noteNames(journal.names(where: counts))
  }
}

extension RowStore {
  /// Returns how a row's sender is shown.
  func trustMark(of row: Row) -> TrustMark {
    let trust = trust(of: row)
    return TrustMark(
      trust, isLookAlike: trust == .new && self.trust.hasLookAlike(row.handshake))
  }
}
