import Model

extension SenderTrust.Loss {
  /// Why an accept is held back, and what to do.
  var meaning: Meaning {
    switch self {
    case .withdrawn:
      Meaning(
        "The organization was taken off the trust list after the review.",
        "`handshake trust list` and the journal tell what was removed; then review it again.")
    case .otherManager(let account):
      Meaning(
        "The trust list now has the organization with the management account \(account.text), "
          + "which is not the one that asks.",
        "Find out which account manages the organization before you review it again.")
    case .notReviewed:
      Meaning("No review has checked who sends it.", "Stage and review it again.")
    }
  }
}
