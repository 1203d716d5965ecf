import Text

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
