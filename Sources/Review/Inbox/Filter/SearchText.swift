import Model
import Text

/// The lower-cased bytes that a word is looked for in, of all rows in one block: nothing is made
/// until a word is first looked for, and then once a row.
struct SearchText: Hashable, Sendable {
  private var bytes: [UInt8] = []
  /// By slot.
  private var ranges: [Range<Int>] = []
  /// Rows whose text has to be made again.
  private var stale: [Int] = []
  /// How often a text was made: what tests count.
  private(set) var made = 0

  /// Must be told of every row that changes.
  mutating func forget(_ slot: Int) {
    if slot < ranges.count { stale.append(slot) }
  }

  /// Makes what is missing of `count` rows.
  mutating func complete(_ count: Int, _ write: (_ slot: Int, _ to: inout [UInt8]) -> Void) {
    for slot in stale { ranges[slot] = append(slot, write) }
    stale = []
    for slot in ranges.count..<max(ranges.count, count) { ranges.append(append(slot, write)) }
  }

  private mutating func append(
    _ slot: Int, _ write: (_ slot: Int, _ to: inout [UInt8]) -> Void
  ) -> Range<Int> {
    made += 1
    let start = bytes.count
    write(slot, &bytes)
    return start..<bytes.count
  }

  func contains(_ needle: [UInt8], in slot: Int) -> Bool {
    let range = ranges[slot]
    return bytes.withUnsafeBufferPointer { occurs(needle, in: .init(rebasing: $0[range])) }
  }
}
