import Model

/// One way in which a network, a proxy or the service spoils a call.
public enum Fault: Hashable, Sendable {
  /// TooManyRequestsException; nothing is applied.
  case throttle
  /// ConcurrentModificationException; nothing is applied.
  case conflict
  /// A server's error instead of the call; nothing is applied.
  case errorBefore(status: Int)
  /// The call is applied; a server's error comes instead of its reply.
  case errorAfter(status: Int)
  /// The connection ends; nothing is applied.
  case lostBefore
  /// The call is applied; the connection ends without a reply.
  case lost
  /// The same with a reset.
  case reset
  /// The call is applied; the body ends after so many bytes, or in its middle.
  case truncated(bytes: Int?)
  /// The call is applied at once; the reply comes this much later.
  case slow(Span)
  /// The call is applied this much later, and then answered.
  case late(Span)
  /// The reply comes byte by byte with this pause before each.
  case trickle(Span)
  /// A proxy's page comes instead of the call; nothing is applied.
  case htmlBefore(status: Int)
  /// The call is applied; a proxy's page comes instead of its reply.
  case html(status: Int)
  /// A listing's page holds nothing and goes on.
  case emptyPages
  /// The service's clock goes wrong by this much: signatures are judged and replies dated by it.
  case skew(Span)
}

/// When a fault strikes.
public struct FaultRule: Hashable, Sendable {
  public var fault: Fault
  /// Only this operation; nil is any.
  public var operation: Operation?
  /// How many times more; nil is for ever.
  public var count: Int?
  /// 0…1
  public var probability: Double

  public init(
    _ fault: Fault, operation: Operation? = nil, count: Int? = nil, probability: Double = 1
  ) {
    self.fault = fault
    self.operation = operation
    self.count = count
    self.probability = probability
  }
}
