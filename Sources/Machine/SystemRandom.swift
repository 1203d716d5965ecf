import Model

/// The kernel's random bytes.
public struct SystemRandom: RandomSource {
  public init() {}

  public func bytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    // The kernel is asked for a word at a time: a byte at a time costs a call each.
    var bytes: [UInt8] = []
    while bytes.count < count {
      withUnsafeBytes(of: generator.next()) {
        bytes.append(contentsOf: $0.prefix(count - bytes.count))
      }
    }
    return bytes
  }
}
