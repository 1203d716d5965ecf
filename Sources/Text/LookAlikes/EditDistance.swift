/// How many letters must be changed, added, left out or swapped with their neighbour to make one text
/// of another.
enum EditDistance {
  /// Whether it is no more than `limit`. Takes time in proportion to the length times the limit.
  static func isAtMost(_ limit: Int, _ one: [UInt32], _ other: [UInt32]) -> Bool {
    guard abs(one.count - other.count) <= limit else { return false }
    // Only cells this near to the diagonal can be within the limit; what lies outside counts as over.
    let over = limit + 1
    var before = [Int](repeating: over, count: other.count + 1)
    var last = (0...other.count).map { min($0, over) }
    var row = before
    for index in 1..<(one.count + 1) {
      let low = max(1, index - limit)
      let high = min(other.count, index + limit)
      row[low - 1] = low == 1 ? min(index, over) : over
      var least = row[low - 1]
      for place in stride(from: low, through: high, by: 1) {
        let isSame = one[index - 1] == other[place - 1]
        var cost = last[place - 1] + (isSame ? 0 : 1)
        cost = min(cost, row[place - 1] + 1)
        // Right of the band, the row above was never written.
        if place < index + limit { cost = min(cost, last[place] + 1) }
        if index > 1, place > 1, one[index - 1] == other[place - 2],
          one[index - 2] == other[place - 1]
        {
          cost = min(cost, before[place - 2] + 1)
        }
        row[place] = min(cost, over)
        least = min(least, row[place])
      }
      if least > limit { return false }
      (before, last, row) = (last, row, before)
    }
    return last[other.count] <= limit
  }
}
