import AWSBackend
import Text

extension Strangers {
  init(of profiles: [AWSProfile]) {
    endpoint = profiles.lazy.compactMap(\.foreignEndpoint).first
    certificates = profiles.lazy.compactMap(\.settings.caBundle?.value).first.map { Untrusted($0) }
  }
}

extension AWSProfile {
  /// The host of the first service that is asked elsewhere than at AWS's own addresses or on this
  /// machine.
  fileprivate var foreignEndpoint: String? {
    AWSService.allCases.lazy.compactMap { service in
      // SAFETY: settings that cannot be used made no connection.
      let host = (try? settings.endpoint(for: service))?.foreignHost
      return host.map { service.isForLogins ? "\(service.rawValue) \($0)" : $0 }
    }.first
  }
}

extension AWSService {
  fileprivate var isForLogins: Bool {
    switch self {
    case .organizations, .sts: false
    case .sso, .ssoOIDC, .signin: true
    }
  }
}
