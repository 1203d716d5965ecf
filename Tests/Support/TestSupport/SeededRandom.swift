import Model
import Synchronization

/// SplitMix64 from a seed: the same run every time. Feeds both Swift's `random(in:using:)` and, boxed
/// as `SeededBytes`, the code under test.
public struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// Predictable bytes for code that asks a `RandomSource`.
public final class SeededBytes: RandomSource {
  private let generator: Mutex<SeededRandom>

  public init(seed: UInt64 = 1) { generator = Mutex(SeededRandom(seed: seed)) }

  public func bytes(_ count: Int) -> [UInt8] {
    generator.withLock { generator in
      (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    }
  }
}
