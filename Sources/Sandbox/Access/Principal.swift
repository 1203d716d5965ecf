import Model

/// Who signed a request.
struct Principal: Hashable, Sendable {
  var account: AccountID
  /// What STS says of it, and what errors name it by.
  var arn: String
  var userID: String
  /// When it acts with temporary keys.
  var session: Session?
}
