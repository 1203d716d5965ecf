import Model
import Synchronization
import Text

/// SplitMix64 from a seed: the same run every time.
///
/// Feeds both Swift's `random(in:using:)` and, boxed as `SeededBytes`, the code under test.
public struct SeededRandom: RandomNumberGenerator, Sendable {
  private var mix: SplitMix64

  /// Creates a generator whose numbers depend on the seed alone.
  public init(seed: UInt64) { mix = SplitMix64(seed: seed) }

  /// Returns the next 64 bits.
  public mutating func next() -> UInt64 { mix.next() }
}

/// Predictable bytes for code that asks a `RandomSource`.
public final class SeededBytes: RandomSource {
  private let generator: Mutex<SeededRandom>

  /// Creates a source whose bytes depend on the seed alone.
  public init(seed: UInt64 = 1) { generator = Mutex(SeededRandom(seed: seed)) }

  /// Returns the next `count` bytes, each the low byte of one number of `SeededRandom`.
  public func bytes(_ count: Int) -> [UInt8] {
    generator.withLock { generator in
      (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    }
  }
}
