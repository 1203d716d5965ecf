import Model
import Text

extension AWSSettings {
  /// The services that the profile's requests and credentials need, as far as the settings tell; all of
  /// them where the profile's plan cannot be read.
  public var servicesInUse: Set<AWSService> {
    let plan: ProfilePlan?
    do throws(CredentialsFault) {
      plan = try ProfilePlan.read(profiles, profile.value)
    } catch { return Set(AWSService.allCases) }
    return switch plan?.base {
    case .sso: [.organizations, .sts, .sso, .ssoOIDC]
    case .login: [.organizations, .sts, .signin]
    case .keys, .named, .webIdentity, .process, nil: [.organizations, .sts]
    }
  }

  /// The endpoints that are not AWS's own, told before anything is asked there: also those on this
  /// machine, unless everything that the profile needs is one server here, which is a sandbox.
  public var endpointsToTell: [(service: AWSService, endpoint: Endpoint)] {
    let custom = AWSService.allCases.compactMap { service in
      // SAFETY: an endpoint that cannot be used is a fault where it would be asked.
      (try? endpoint(for: service)).flatMap { $0.isCustom ? (service: service, endpoint: $0) : nil }
    }
    let isOneServerHere =
      Set(custom.map(\.endpoint.host)).count == 1
      && custom.allSatisfy { $0.endpoint.isOnThisMachine }
      && servicesInUse.isSubset(of: custom.map(\.service))
    return isOneServerHere ? [] : custom
  }

  /// The files of logins and tokens that the profile's credentials will be read from.
  public func credentialFiles(home: String) -> [String] {
    // SAFETY: a plan that cannot be read is told where the credentials are asked for.
    switch (try? ProfilePlan.read(profiles, profile.value))?.base {
    case .sso(let settings): [settings.tokenFile(in: ssoCache)]
    case .login(let session): [LoginSource.file(of: session, in: loginCache.value)]
    case .webIdentity(let file, _, _): [HomePath.expand(file.text, home: home)]
    case .keys, .named, .process, nil: []
    }
  }
}
