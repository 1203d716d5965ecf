import Model
import Text

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
