/// What a request is signed with. One value, so that key, secret and token always belong together.
public struct AccessKeys: Hashable, Sendable {
  public var id: String
  public var secret: Secret
  /// Of temporary keys.
  public var sessionToken: Secret?

  public init(id: String, secret: Secret, sessionToken: Secret? = nil) {
    self.id = id
    self.secret = secret
    self.sessionToken = sessionToken
  }
}
