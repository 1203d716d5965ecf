extension Store {
  /// The same store with the service's request rates enforced for the calls that go through it,
  /// however it was made.
  public func throttled() -> Store {
    var options = options
    options.throttle = true
    return Store(
      path: path, options: options, time: time, random: random, reader: reader, writer: writer)
  }
}
