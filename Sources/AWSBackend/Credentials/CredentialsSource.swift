import Model

/// One place that credentials come from, asked anew at each call. `CredentialsCache` keeps what it
/// gives.
protocol CredentialsSource: Sendable {
  /// Whether a person is asked for something at each call: never in the background then.
  var asksPerson: Bool { get }
  func load() async throws(CredentialsFault) -> Credentials
  /// The service says that these have ended, whatever their source says.
  func drop(_ ended: Credentials) async
}

extension CredentialsSource {
  var asksPerson: Bool { false }
  func drop(_ ended: Credentials) async {}
}
