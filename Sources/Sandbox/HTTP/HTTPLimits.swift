import Model

/// What clients may take of the server: bytes, places and time. Whoever takes more is told so and
/// cut off.
public struct HTTPLimits: Hashable, Sendable {
  /// Bytes of the request line; more is 414.
  public var requestLine = 8 * 1_024
  /// Bytes of the request line and the header fields; more is 431.
  public var head = 32 * 1_024
  /// Header fields; more is 431.
  public var fields = 100
  /// Bytes of a body; more is 413. The longest token alone may have 100,000 characters.
  public var body = 1_024 * 1_024
  /// Connections at once; one more is 503.
  public var connections = 256
  /// From a request's first byte to its last; later is 408.
  public var receiving = Span.seconds(20)
  /// Between two requests; then the connection is closed.
  public var idle = Span.seconds(60)
  /// From a reply's first byte to its last; then the connection is closed.
  public var sending = Span.seconds(60)
  /// From the end of a refusal to the end of what the client still sends.
  public var leaving = Span.seconds(2)
  /// For the requests in flight when the server ends.
  public var draining = Span.seconds(10)

  public init() {}
}
