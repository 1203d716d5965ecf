import Model

extension SenderTrust.Loss {
  /// Why an accept is held back, and what to do.
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
