import Model
import Text

/// Where a service is asked, and what its requests are signed for.
public struct Endpoint: Hashable, Sendable {
  /// Absolute, without a query. Has a path only where a custom endpoint has one; `/` is not added.
  public var url: String
  /// As the `Host` header has it: with the port unless it is the scheme's own.
  public var host: String
  /// The part after the host: empty, or beginning with `/`.
  public var path: String
  public var signingRegion: String
  public var signingName: String
  /// Where the URL was said; `built in` for AWS's own.
  public var origin: Origin

  /// Whether it is not AWS's own address for the service.
  public var isCustom: Bool { origin != .builtIn }
}

/// The services that this program asks.
public enum AWSService: String, Hashable, CaseIterable, Sendable {
  case organizations
  case sts
  /// The portal that hands out role credentials for a login.
  case sso
  case ssoOIDC = "sso_oidc"
  /// Where `aws login` sessions are refreshed.
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
  /// Whether it is asked on this machine: a sandbox, as a rule.
  public var isOnThisMachine: Bool { EndpointURL(Untrusted(url))?.isLoopback ?? false }

  /// One name for all the addresses that lead to the same service, as far as they can be told: an
  /// attempt that was left open at one of them is in the way at the others too.
  ///
  /// AWS's own addresses of a partition, FIPS and dual-stack ones among them, are its plain one,
  /// whether they were set or built in; the names of this machine are `127.0.0.1`. Any other address
  /// that was set stays as it is, but for the dot at the end of a host's name.
  public func placeURL(of service: AWSService) -> String {
    if isCustom {
      guard let custom = EndpointURL(Untrusted(url)) else { return url }
      return Self.ownURL(of: service, meant: custom) ?? custom.identity
    }
    let plain = EndpointRules(region: signingRegion)
    guard let address = try? plain.address(of: service) else { return url }
    return "https://" + address.host
  }

  /// The plain address of the partition of which `custom` is one of AWS's own addresses; nil when it
  /// is none of them.
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
  /// The host without the dot that ends a fully qualified name.
  fileprivate var hostWithoutDot: String { host.hasSuffix(".") ? String(host.dropLast()) : host }

  /// The same text for every spelling of one address.
  fileprivate var identity: String {
    var known = self
    known.host = hostWithoutDot
    if known.isLoopback { known.host = "127.0.0.1" }
    return known.url
  }
}

extension AWSSettings {
  /// Where a service is asked: the operator's own endpoint, else AWS's address by its rules.
  ///
  /// `region`: instead of the profile's; from a file, a token or an answer, so it is checked.
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

  /// What the rules answer, their fault with the setting that is at fault.
  private func allowing<Value>(
    _ rules: () throws(EndpointRules.Fault) -> Value
  ) throws(SettingsFault) -> Value {
    do {
      return try rules()
    } catch {
      throw fault(of: error)
    }
  }

  /// The endpoint that was said for a service, by its id in snake case; nil when nobody said one.
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
    let (key, said): (String, Origin) =
      switch rules {
      case .fipsWithCustom, .noFIPS, .neitherFIPSNorDualStack:
        ("use_fips_endpoint", usesFIPS.origin)
      case .dualStackWithCustom, .noDualStack: ("use_dualstack_endpoint", usesDualStack.origin)
      case .missingRegion: ("region", region.origin)
      }
    return said.fault(key, rules.rawValue)
  }
}
