// Bit mixing that is the same on every machine and in every run. None of it is cryptographic.

/// The 64-bit FNV-1a hash.
public enum FNV1a {
  /// The hash of no bytes.
  public static let offsetBasis: UInt64 = 0xCBF2_9CE4_8422_2325

  /// Returns the hash of `bytes`, continuing from `start`, the hash of the bytes before them.
  public static func hash(
    _ bytes: some Sequence<UInt8>, from start: UInt64 = offsetBasis
  ) -> UInt64 {
    bytes.reduce(start) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}

/// The SplitMix64 generator, which is deterministic for a given seed.
public struct SplitMix64: RandomNumberGenerator, Hashable, Sendable {
  private var state: UInt64

  /// Creates a generator.
  public init(seed: UInt64) { state = seed }

  /// Returns the next number, any of the 2⁶⁴.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Returns the next number as a fraction, at least 0 and less than 1.
  public mutating func nextFraction() -> Double { Double(next() >> 11) / Double(1 << 53) }
}
