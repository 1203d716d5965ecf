/// How much of a text is taken before it is refused (SEC-3.1).
public struct JSONLimits: Hashable, Sendable {
  /// Bytes of the whole text.
  public var bytes: Int
  /// Arrays and objects within one another. The reader keeps one byte a level and never recurses,
  /// so this only bounds memory.
  public var depth: Int
  /// Bytes of one string, as written.
  public var string: Int

  public init(bytes: Int, depth: Int = 1_000_000, string: Int = 16 << 20) {
    self.bytes = bytes
    self.depth = depth
    self.string = string
  }

  /// One reply of the service: 16 MiB.
  public static let page = JSONLimits(bytes: 16 << 20)
  /// A document the operator names: as large as memory allows.
  public static let document = JSONLimits(bytes: .max)
}
