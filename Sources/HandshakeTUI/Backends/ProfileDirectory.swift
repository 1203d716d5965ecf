import AWSBackend
import HandshakeUI
import Model
import Synchronization
import Text

/// The profiles that are looked through, and whose account each turned out to be of. The screens ask
/// for it after their first frame.
final class ProfileDirectory: Sendable {
  /// In the order in which they were named.
  let names: [Untrusted]
  private let profiles: [Untrusted: AWSProfile]
  private let places: [Untrusted: Int]
  private let world: AWSWorld
  private let found = Mutex<[AccountID: (place: Int, connection: AWSConnection)]>([:])

  init(_ profiles: [AWSProfile], world: AWSWorld) {
    let named = profiles.map { (Untrusted($0.name), $0) }
    names = named.map(\.0)
    self.profiles = Dictionary(named) { first, _ in first }
    places = Dictionary(zip(names, names.indices)) { first, _ in first }
    self.world = world
  }

  /// Nil until a profile of that account was resolved.
  func connection(_ account: AccountID) -> AWSConnection? {
    found.withLock { $0[account]?.connection }
  }

  /// Whose it is, by STS. An account is asked through the first of its profiles in their order,
  /// whichever of them is resolved first.
  func resolve(_ name: Untrusted) async -> Result<AccountID, BackendError> {
    guard let profile = profiles[name], let place = places[name] else {
      return .failure(BackendError(.cancelled, in: .getCallerIdentity, applied: .notSent))
    }
    let answer = await profile.connection.account()
    if case .success(let account) = answer {
      found.withLock { found in
        if let known = found[account], known.place <= place { return }
        found[account] = (place, profile.connection)
      }
    }
    return answer
  }

  /// By the browser where the profile's credentials begin with such a login; else by asking anew,
  /// which may ask for a one-time code.
  func logIn(_ name: Untrusted) async -> LoginResult {
    if let profile = profiles[name] {
      let agent = UserAgent(version: Version.program, appID: profile.settings.appID?.value)
      do throws(CredentialsFault) {
        let login = try SSOLogin(
          world: world, settings: profile.settings, userAgent: agent.text)
        if let login {
          try await login.logIn()
          return .done
        }
      } catch {
        return .failed(
          BackendError(.credentials(error), in: .getCallerIdentity, applied: .notSent))
      }
    }
    switch await resolve(name) {
    case .success: return .done
    case .failure(let error): return .failed(error)
    }
  }
}

/// Who is asked that is not AWS, whose word is taken for it, and who else may have written the settings.
struct Strangers: Sendable {
  /// The hosts of endpoints, each with its service where that is not Organizations: whoever answers there
  /// gets signed requests or the tokens of a login, and every record is its word.
  var endpoints: [String] = []
  /// The file whose certificates are trusted in place of the system's.
  var certificates: Untrusted?
  /// Files of the AWS CLI that others may change. Printable.
  var files: [String] = []

  /// The first endpoint, and how many more there are.
  var endpoint: String? { Self.first(of: endpoints) }
  var file: String? { Self.first(of: files) }

  /// What a command says of the endpoints and certificates before it asks. The files were told when they
  /// were read.
  func words(_ ink: Ink) -> [String] {
    endpoints.map {
      "endpoint: signed requests go to \(ink.full($0)), which is not AWS's own"
    }
      + [
        certificates.map {
          "certificates: \(ink.full($0)) replaces the system's"
        }
      ].compactMap { $0 }
  }

  private static func first(of texts: [String]) -> String? {
    texts.first.map { texts.count > 1 ? "\($0) +\(texts.count - 1) more" : $0 }
  }
}

extension Strangers {
  init(of profiles: [AWSProfile]) {
    for profile in profiles {
      for endpoint in profile.settings.toldEndpoints where !endpoints.contains(endpoint) {
        endpoints.append(endpoint)
      }
    }
    certificates = profiles.lazy.compactMap(\.settings.caBundle?.value).first.map { Untrusted($0) }
  }
}

extension AWSSettings {
  /// `host` for Organizations and what else is asked there, `sts host`, `sso+sso_oidc host`; those on
  /// other machines first.
  var toldEndpoints: [String] {
    let told = endpointsToTell
    var hosts: [String] = []
    for (_, endpoint) in told.filter({ !$0.endpoint.isOnThisMachine }) + told
    where !hosts.contains(endpoint.host) {
      hosts.append(endpoint.host)
    }
    return hosts.map { host in
      let services = told.filter { $0.endpoint.host == host }.map(\.service)
      if services.contains(.organizations) { return host }
      return services.map(\.rawValue).joined(separator: "+") + " " + host
    }
  }
}
