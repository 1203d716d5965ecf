import AWSBackend
import Text

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
