/// Names one request of the interface. A reply carries it back; when the interface has moved on, it
/// does not know the token any more and drops the reply.
public struct Token: Hashable, Sendable {
  public let number: Int

  public init(_ number: Int) {
    self.number = number
  }
}
