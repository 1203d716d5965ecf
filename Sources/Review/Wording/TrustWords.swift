import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal

extension TrustMark {
  /// The text of the TRUST column.
  public var text: String {
    switch self {
    case .like: "like!"
    case .new: "new?"
    case .own: "own"
    case .ok: "ok"
    }
  }

  /// The reason for the mark, in a clause that follows it.
  public var reason: String {
    switch self {
    case .ok: "this organization id with this management account is in your trust list"
    case .own: "this is the account's own organization"
    case .new: "this organization id with this management account is not in your trust list"
    case .like:
      "not in your trust list, and its name looks like that of another organization you know"
    }
  }
}

extension Trust {
  /// Returns the trust as a clause about this organization with this management account.
  func words(_ organization: String, _ account: String) -> String {
    switch self {
    case .ok: "\(organization) with \(account) is in your trust list"
    case .own: "\(organization) is the account's own organization"
    case .new: "\(organization) with \(account) is not in your trust list"
    }
  }
}

/// The verdict on a sender, in one line that begins with a warning where one is due.
public struct TrustVerdict: Hashable, Sendable {
  /// The mark or warning in front.
  public var head: String
  /// The sentence behind it.
  public var text: String
  /// The name of the known organization at the end of the sentence; empty for none.
  public var name = ""
  /// The gravity of the verdict.
  public var gravity: Gravity

  /// The gravity of a verdict, from the least to the gravest.
  public enum Gravity: Hashable, Sendable {
    case good
    /// The sender is not trusted.
    case warning
    /// The sender can be mistaken for a known organization, or is listed with another management
    /// account.
    case danger
  }
}

extension Inbox {
  /// Returns the verdict on the sender of a row, in `formatter`'s character set.
  public func verdict(on row: Row, _ formatter: Formatter) -> TrustVerdict {
    let organization = row.handshake.senderOrganization?.text ?? "?"
    switch trust(of: row) {
    case .ok:
      return TrustVerdict(
        head: "ok  ", text: "\(organization): in your trust list", gravity: .good)
    case .own:
      return TrustVerdict(
        head: "own  ", text: "\(organization): the account's own organization", gravity: .good)
    case .new:
      let known = lookAlike(of: row)
      if let id = row.handshake.senderOrganization, let entry = trustList[id] {
        return TrustVerdict(
          head: "!! \(known == nil ? "" : "like! ")ANOTHER MANAGEMENT ACCOUNT: ",
          text: "your trust list has \(organization) with \(entry.managementAccount.text)",
          gravity: .danger)
      }
      if let known {
        return TrustVerdict(
          head: "!! like! LOOK-ALIKE: ",
          text: "\(organization) is not your \(known.organization.text) ",
          name: formatter.cell(known.name), gravity: .danger)
      }
      return TrustVerdict(
        head: "!! NOT TRUSTED: ",
        text: "\(organization) with this account is not in your trust list", gravity: .warning)
    }
  }
}

extension TierRuling.Reason {
  /// The reason why an accept is confirmed alone, in a clause without a full stop.
  public var words: String {
    switch self {
    case .notTrusted: "the organization is not in your trust list"
    case .lookAlike: "its name looks like that of another organization that you know"
    // Neither account is shown: they identify the organization, which the operator has to enter
    // first.
    case .otherManager: "your trust list has it with ANOTHER management account"
    case .movesOut(let id): "the account leaves \(id.text)"
    case .mayMoveOut: "the account's current organization is unknown"
    case .finalisesAllFeatures: "it enables all features permanently"
    case .transfersBilling: "it transfers billing"
    }
  }

  /// The reason in a few words, for a title.
  public var title: String {
    switch self {
    case .notTrusted: "NOT TRUSTED"
    case .lookAlike: "like! LOOK-ALIKE"
    case .otherManager: "OTHER MGMT ACCOUNT"
    case .movesOut: "LEAVES ITS ORG"
    case .mayMoveOut: "MAY LEAVE ITS ORG"
    case .finalisesAllFeatures: "ENABLES ALL FEATURES"
    case .transfersBilling: "TRANSFERS BILLING"
    }
  }
}

extension SenderTrust.Loss {
  /// The reason why an accept is held back, and its remedy.
  var meaning: Meaning {
    switch self {
    case .withdrawn:
      Meaning(
        "The organization was removed from the trust list after the review.",
        "Check `handshake trust list` and `handshake journal`, then review it again.")
    case .otherManager(let account):
      Meaning(
        "The trust list now has the organization with the management account \(account.text), "
          + "which is not the sender.",
        "Find out which account manages the organization before you review it again.")
    case .notReviewed:
      Meaning("The sender was not checked in a review.", "Plan and review it again.")
    }
  }
}
