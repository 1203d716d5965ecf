import Model

/// Whether an answer can be given to a row, and as whom.
public enum Standing: Hashable, Sendable {
  case open(as: AccountID)
  case closed(Impediment)
  /// The account whose part it is has not been identified (yet): what it is in is unknown.
  case unidentified(AccountID)
}
