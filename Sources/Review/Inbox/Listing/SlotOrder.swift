import Model

/// Compares slots by the key of their row, then by id, then by arrival; counts how often.
struct SlotOrder {
  let keys: [SortKey]
  let rows: [Row]
  private(set) var comparisons = 0

  init(keys: [SortKey], rows: [Row]) {
    self.keys = keys
    self.rows = rows
  }

  mutating func isBefore(_ left: Int32, _ right: Int32) -> Bool {
    comparisons &+= 1
    let (leftKey, rightKey) = (keys[Int(left)], keys[Int(right)])
    if leftKey != rightKey { return leftKey < rightKey }
    if let leftID = rows[Int(left)].id, let rightID = rows[Int(right)].id, leftID != rightID {
      return leftID < rightID
    }
    return left < right
  }

  /// Orders everything anew. Keys lie beside their slots for it, which a sort of slots alone would
  /// look up all over the memory.
  mutating func sort(_ slots: inout [Int32]) {
    var entries = slots.map { (key: keys[Int($0)], slot: $0) }
    entries.sort { left, right in
      if left.key != right.key {
        comparisons &+= 1
        return left.key < right.key
      }
      return isBefore(left.slot, right.slot)
    }
    slots = entries.map(\.slot)
  }

  /// The first position in the ordered `slots` that does not come before `slot`.
  mutating func position(of slot: Int32, in slots: [Int32]) -> Int {
    var low = 0
    var high = slots.count
    while low < high {
      let middle = low + (high - low) / 2
      if isBefore(slots[middle], slot) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Merges the ordered `arrivals` into the ordered `slots`: a search for each, and one move of what
  /// lies behind.
  mutating func merge(_ arrivals: [Int32], into slots: inout [Int32]) {
    guard !arrivals.isEmpty else { return }
    let places = arrivals.map { position(of: $0, in: slots) }
    var end = slots.count
    slots.append(contentsOf: arrivals)
    for index in arrivals.indices.reversed() {
      let place = places[index]
      // What lies between this place and the one above moves by the arrivals still to be placed.
      slots.withUnsafeMutableBufferPointer { buffer in
        if let base = buffer.baseAddress {
          (base + place + index + 1).update(from: base + place, count: end - place)
        }
        buffer[place + index] = arrivals[index]
      }
      end = place
    }
  }
}
