import Model
import Text

/// The lower-cased bytes that a word is looked for in, of all rows in one block: nothing is made
/// until a word is first looked for (or is expected to be), and then once a row.
struct SearchText: Hashable, Sendable {
  private var bytes: [UInt8] = []
  /// Where each text lies, in the order of `bytes`; a row that changed has an older one that no
  /// longer counts.
  private var pieces: [Piece] = []
  /// The piece of each slot.
  private var current: [Int32] = []
  /// Rows whose text has to be made again.
  private var stale: [Int] = []
  /// How often a text was made: what tests count.
  private(set) var made = 0

  private struct Piece: Hashable {
    var end: Int
    var slot: Int32
  }

  /// Must be told of every row that changes.
  mutating func forget(_ slot: Int) {
    if slot < current.count { stale.append(slot) }
  }

  /// Makes what is missing of `count` rows. `write` appends a text, in any case.
  mutating func complete(_ count: Int, _ write: (_ slot: Int, _ to: inout [UInt8]) -> Void) {
    for slot in Set(stale) { current[slot] = append(slot, write) }
    stale = []
    for slot in current.count..<max(current.count, count) { current.append(append(slot, write)) }
  }

  private mutating func append(
    _ slot: Int, _ write: (_ slot: Int, _ to: inout [UInt8]) -> Void
  ) -> Int32 {
    made += 1
    let start = bytes.count
    write(slot, &bytes)
    bytes.withUnsafeMutableBufferPointer { bytes in
      for index in start..<bytes.count { bytes[index] = bytes[index].asciiLowercased }
    }
    pieces.append(Piece(end: bytes.count, slot: Int32(slot)))
    return Int32(pieces.count - 1)
  }

  /// Whether each slot has `needle`: one pass over all texts.
  func slots(holding needle: [UInt8]) -> [Bool] {
    var found = [Bool](repeating: false, count: current.count)
    bytes.withUnsafeBufferPointer { bytes in
      var (piece, start) = (0, 0)
      while let place = offset(of: needle, in: bytes, from: start) {
        while pieces[piece].end <= place { piece += 1 }
        let slot = Int(pieces[piece].slot)
        // No needle has a line feed, so none goes on from one text into the next.
        if current[slot] == Int32(piece) { found[slot] = true }
        start = pieces[piece].end
      }
    }
    return found
  }

  func contains(_ needle: [UInt8], in slot: Int) -> Bool {
    let piece = Int(current[slot])
    let range = (piece == 0 ? 0 : pieces[piece - 1].end)..<pieces[piece].end
    return bytes.withUnsafeBufferPointer { occurs(needle, in: .init(rebasing: $0[range])) }
  }
}
