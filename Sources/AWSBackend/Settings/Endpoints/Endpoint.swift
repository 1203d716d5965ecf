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
