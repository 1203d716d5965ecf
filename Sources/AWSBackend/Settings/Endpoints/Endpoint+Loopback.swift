import Text

extension Endpoint {
  /// Whether it is asked on this machine: a sandbox, as a rule.
  public var isOnThisMachine: Bool { EndpointURL(Untrusted(url))?.isLoopback ?? false }
}
