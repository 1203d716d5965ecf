import GRDB
import Model

// Who may ask at all: what IAM and the organization's policies say, before anything is looked at.

extension Call {
  /// Refuses unless the caller may send the operation.
  func authorise() throws {
    guard let account = try AccountRow.fetch(db, caller) else {
      throw Refusal.denied("Account \(caller.text) is not in this store.")
    }
    guard account.status == .active else {
      throw Refusal.denied("The account \(caller.text) is closed or suspended.")
    }
    try require("organizations:" + operation.rawValue)
  }

  /// Refuses unless the caller may do `action`.
  func require(_ action: String) throws {
    guard let denier = try denier(of: action) else { return }
    throw Refusal.denied(
      "You don't have permissions to perform the requested operation: \(denier) denies \(action).")
  }

  /// What stands against `action`, in words: the account's own permissions, or a policy of the
  /// organization. Policies bind members only, and only in an organization with all features.
  func denier(of action: String) throws -> String? {
    if try exists(
      "SELECT 1 FROM denied_actions WHERE account = ? AND action = ?", [caller.text, action])
    {
      return "an identity-based policy"
    }
    let bound = try exists(
      """
      SELECT 1 FROM memberships
      JOIN organizations ON organizations.id = memberships.organization
      JOIN policy_denials ON policy_denials.organization = organizations.id
      WHERE memberships.account = ?1 AND organizations.management_account <> ?1
        AND organizations.feature_set = 'ALL' AND policy_denials.action = ?2
      """, [caller.text, action])
    return bound ? "a service control policy" : nil
  }
}
