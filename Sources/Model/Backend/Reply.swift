import Text

/// What a backend answered, with the service's own time: the `Date` header, or the store's clock.
public struct Reply<Value: Sendable>: Sendable {
  public var value: Value
  public var time: Timestamp
  /// What to quote to AWS Support.
  public var requestID: Untrusted?

  public init(_ value: Value, at time: Timestamp, requestID: Untrusted? = nil) {
    self.value = value
    self.time = time
    self.requestID = requestID
  }
}

extension Reply: Equatable where Value: Equatable {}
