import Model
import Text

/// The address of a service, with the region and service name of its signatures.
public struct Endpoint: Hashable, Sendable {
  /// The absolute URL, without a query; it has a path only if a custom endpoint has one, and no `/`
  /// at the end.
  public var url: String
  /// The host as in the `Host` header: with the port unless it is the scheme's default.
  public var host: String
  /// The part after the host: empty, or beginning with `/`.
  public var path: String
  /// The region in the scope of a signature.
  public var signingRegion: String
  /// The service's name in the scope of a signature.
  public var signingName: String
  /// The origin of the URL; `builtIn` for AWS's own.
  public var origin: SettingOrigin

  /// Whether the URL was configured, rather than built from AWS's rules.
  public var isCustom: Bool { origin != .builtIn }
}

/// The services that this program sends requests to.
public enum AWSService: String, Hashable, CaseIterable, Sendable {
  case organizations
  case sts
  /// The portal that issues role credentials for a login.
  case sso
  case ssoOIDC = "sso_oidc"
  /// The service that refreshes `aws login` sessions.
  case signin

  /// The service's name in the scope of a signature.
  public var signingName: String {
    switch self {
    case .organizations: "organizations"
    case .sts: "sts"
    case .sso: "awsssoportal"
    case .ssoOIDC: "sso-oauth"
    case .signin: "signin"
    }
  }
}

extension Endpoint {
  /// Whether the host is this machine, usually for a sandbox.
  public var isOnThisMachine: Bool { EndpointURL(Untrusted(url))?.isLoopback ?? false }

  /// Returns one name for all addresses of the same service, as far as they are known.
  ///
  /// An attempt that is unresolved at one address also blocks the others. AWS's own addresses of a
  /// partition, including FIPS and dual-stack, become its plain one, whether they were configured
  /// or built in; the names of this machine become `127.0.0.1`. Any other configured address is
  /// kept, except for the dot at the end of its host name.
  public func placeURL(of service: AWSService) -> String {
    if isCustom {
      guard let custom = EndpointURL(Untrusted(url)) else { return url }
      return Self.ownURL(of: service, meant: custom) ?? custom.identity
    }
    let plain = EndpointRules(region: signingRegion)
    guard let address = try? plain.address(of: service) else { return url }
    return "https://" + address.host
  }

  /// Returns the plain address of the partition that `custom` is an AWS address of; nil if it is
  /// not one.
  private static func ownURL(of service: AWSService, meant custom: EndpointURL) -> String? {
    guard custom.isHTTPS, custom.port == nil, custom.path.isEmpty else { return nil }
    for partition in Partition.all {
      for region in partition.regions.union([partition.implicitGlobalRegion]) {
        let plain = EndpointRules(region: region)
        guard let own = try? plain.address(of: service) else { continue }
        for (fips, dualStack) in [(false, false), (true, false), (false, true), (true, true)] {
          let rules = EndpointRules(region: region, usesFIPS: fips, usesDualStack: dualStack)
          let address = try? rules.address(of: service)
          if address?.host == custom.hostWithoutDot { return "https://" + own.host }
        }
      }
    }
    return nil
  }
}

extension EndpointURL {
  /// The host without the dot at the end of a fully qualified name.
  fileprivate var hostWithoutDot: String { host.hasSuffix(".") ? String(host.dropLast()) : host }

  /// The same text for all spellings of one address.
  fileprivate var identity: String {
    var known = self
    known.host = hostWithoutDot
    if known.isLoopback { known.host = "127.0.0.1" }
    return known.url
  }
}

extension AWSSettings {
  /// Returns the endpoint of a service: the operator's own, else the address by AWS's rules.
  ///
  /// `region` replaces the profile's region. It comes from a file, a token or a reply, so it is
  /// checked.
  ///
  /// - Throws: `SettingsFault` if the region or the configured URL is invalid, the URL is `http` to
  ///   another machine, the `services` section does not exist, or the FIPS and dual-stack settings
  ///   have no address in the partition.
  public func endpoint(
    for service: AWSService, region other: Untrusted? = nil
  ) throws(SettingsFault) -> Endpoint {
    var region = region
    if let other {
      guard let name = RegionName.read(other) else {
        throw SettingsFault(
          Untrusted("region"), origin: Untrusted(service.rawValue),
          detail: .detail("not a region name:", other))
      }
      region.value = name
    }
    let rules = EndpointRules(
      region: region.value, usesFIPS: usesFIPS.value, usesDualStack: usesDualStack.value,
      usesGlobalSTS: usesGlobalSTS.value)
    if let said = try customEndpoint(service.rawValue) {
      let url = try checked(said)
      try allowing { () throws(EndpointRules.Fault) in try rules.checkCustom() }
      return Endpoint(
        url: url.url, host: url.hostHeader, path: url.path, signingRegion: region.value,
        signingName: service.signingName, origin: said.origin)
    }
    let address = try allowing { () throws(EndpointRules.Fault) in
      try rules.address(of: service)
    }
    return Endpoint(
      url: "https://" + address.host, host: address.host, path: "",
      signingRegion: address.signingRegion ?? region.value, signingName: service.signingName,
      origin: .builtIn)
  }

  /// Returns the result of the rules; an error names the setting that causes it.
  ///
  /// - Throws: `SettingsFault` for each error of `rules`.
  private func allowing<Value>(
    _ rules: () throws(EndpointRules.Fault) -> Value
  ) throws(SettingsFault) -> Value {
    do {
      return try rules()
    } catch {
      throw fault(of: error)
    }
  }

  /// Returns the configured endpoint of a service, by its id in snake case; nil if there is none.
  ///
  /// - Throws: `SettingsFault` if the profile names a `services` section that does not exist.
  func customEndpoint(_ id: String) throws(SettingsFault) -> Located<Untrusted>? {
    if let url = options.endpointURL { return Located(Untrusted(url), .option("--endpoint-url")) }
    if options.ignoresConfiguredEndpoints
      || lookup.flag(
        ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"], "ignore_configured_endpoint_urls"
      ).value
    {
      return nil
    }
    if let url = lookup.text(["AWS_ENDPOINT_URL_" + id.uppercased(), "AWS_ENDPOINT_URL"]) {
      return url
    }
    if let name = section?.text("services") {
      guard let services = profiles.services(name.value.text) else {
        throw name.origin.fault(
          "services", .detail("no section [services …] is named", name.value))
      }
      if let url = services.text(id, "endpoint_url") { return url }
    }
    return section?.text("endpoint_url")
  }

  private func checked(_ said: Located<Untrusted>) throws(SettingsFault) -> EndpointURL {
    guard let url = EndpointURL(said.value) else {
      throw said.origin.fault("endpoint_url", EndpointURL.demand)
    }
    guard url.isHTTPS || url.isLoopback else {
      throw said.origin.fault(
        "endpoint_url", "http is allowed only on this machine; use https elsewhere")
    }
    return url
  }

  private func fault(of rules: EndpointRules.Fault) -> SettingsFault {
    let (key, said): (String, SettingOrigin) =
      switch rules {
      case .fipsWithCustom, .noFIPS, .neitherFIPSNorDualStack:
        ("use_fips_endpoint", usesFIPS.origin)
      case .dualStackWithCustom, .noDualStack: ("use_dualstack_endpoint", usesDualStack.origin)
      case .missingRegion: ("region", region.origin)
      }
    return said.fault(key, rules.rawValue)
  }
}
