import Model
import Signing
import Text
import Wire

/// A login with IAM Identity Center, as its file has it.
struct SSOToken: Hashable, Sendable {
  var accessToken: Secret
  var expires: Timestamp
  var refreshToken: Secret?
  var clientID: Untrusted?
  var clientSecret: Secret?
  var registrationExpires: Timestamp?

  /// Nil when a member that must be there is not.
  init?(_ document: JSONValue) {
    guard let token = document["accessToken"]?.string, !token.isEmpty,
      Header.isValue(token.bytes),
      let expires = document["expiresAt"]?.time
    else { return nil }
    accessToken = Secret(token.bytes)
    self.expires = expires
    refreshToken = document["refreshToken"]?.string.map { Secret($0.bytes) }
    clientID = document["clientId"]?.string
    clientSecret = document["clientSecret"]?.string.map { Secret($0.bytes) }
    registrationExpires = document["registrationExpiresAt"]?.time
  }

  func isGood(for span: Span = .zero, at now: Timestamp) -> Bool { now + span < expires }

  /// What it is refreshed with; nil when it cannot be.
  func renewal(at now: Timestamp) -> (client: Untrusted, secret: Secret, token: Secret)? {
    guard let refreshToken, let clientID, let clientSecret,
      registrationExpires.map({ now < $0 }) ?? false
    else { return nil }
    return (clientID, clientSecret, refreshToken)
  }
}
