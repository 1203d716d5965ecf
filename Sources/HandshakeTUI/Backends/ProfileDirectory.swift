import AWSBackend
import HandshakeUI
import Model
import Synchronization
import Text

/// The profiles in use, and the account of each as far as it was resolved.
///
/// The screens resolve the accounts after their first frame.
final class ProfileDirectory: Sendable {
  /// The profiles' names, in the order in which they were named.
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

  /// Returns the connection of an account; nil until a profile of that account was resolved.
  func connection(_ account: AccountID) -> AWSConnection? {
    found.withLock { $0[account]?.connection }
  }

  /// Resolves the account of a profile, by STS.
  ///
  /// An account is read through the first of its profiles in their order, whichever of them is
  /// resolved first.
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

  /// Logs in as a profile.
  ///
  /// A profile whose credentials begin with a browser login uses that; any other requests
  /// credentials again, which may ask for a one-time code.
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

/// The endpoints and certificates that are not AWS's, and the settings files that others may
/// change.
struct ForeignEndpoints: Sendable {
  /// The hosts of the endpoints, each with its service unless that is Organizations.
  ///
  /// Whoever answers there gets signed requests or the tokens of a login, and supplies every
  /// record.
  var endpoints: [String] = []
  /// The file whose certificates replace the system's.
  var certificates: Untrusted?
  /// The files of the AWS CLI that others may change, as printable text.
  var files: [String] = []

  /// The first endpoint, and the number of further ones.
  var endpoint: String? { Self.first(of: endpoints) }
  var file: String? { Self.first(of: files) }

  /// Returns the notes on endpoints and certificates, which a command prints before its first
  /// request.
  ///
  /// The files were noted when they were read.
  func words(_ format: Formatter) -> [String] {
    endpoints.map {
      "endpoint: signed requests go to \(format.full($0)), which is not AWS's own"
    }
      + [
        certificates.map {
          "certificates: \(format.full($0)) replaces the system's"
        }
      ].compactMap { $0 }
  }

  private static func first(of texts: [String]) -> String? {
    texts.first.map { texts.count > 1 ? "\($0) +\(texts.count - 1) more" : $0 }
  }
}

extension ForeignEndpoints {
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
  /// The hosts with their services: `host` for Organizations, `sts host`, `sso+sso_oidc host`.
  ///
  /// Hosts on other machines come first. A host that serves Organizations too is named alone.
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
