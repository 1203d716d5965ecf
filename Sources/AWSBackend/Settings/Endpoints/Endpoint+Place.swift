import Text

extension Endpoint {
  /// Whether it is asked on this machine: a sandbox, as a rule.
  public var isOnThisMachine: Bool { EndpointURL(Untrusted(url))?.isLoopback ?? false }

  /// The host, where what is asked goes to neither AWS's own address nor this machine.
  public var foreignHost: String? { isCustom && !isOnThisMachine ? host : nil }

  /// One name for all the addresses that lead to the same service, as far as they can be told: an
  /// attempt that was left open at one of them is in the way at the others too.
  ///
  /// AWS's own addresses of a partition, FIPS and dual-stack ones among them, are its plain one; the
  /// names of this machine are `127.0.0.1`. Any other address that was set stays as it is.
  public func placeURL(of service: AWSService) -> String {
    if isCustom {
      guard let custom = EndpointURL(Untrusted(url)), custom.isLoopback else { return url }
      return (custom.isHTTPS ? "https://" : "http://")
        + (custom.port.map { "127.0.0.1:\($0)" } ?? "127.0.0.1") + custom.path
    }
    let plain = EndpointRules(region: signingRegion)
    guard let address = try? plain.address(of: service) else { return url }
    return "https://" + address.host
  }
}
