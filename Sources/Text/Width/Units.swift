/// A rendered text as what a cut must keep whole: glyphs with their marks, and signs of ours.
struct Units {
  struct End {
    /// Where the unit ends in the UTF-8.
    var byte: Int
    /// Columns up to there.
    var columns: Int
    /// Characters up to there; the sign of an earlier cut counts as many as it announces.
    var characters: Int
  }

  private let bytes: [UInt8]
  private(set) var ends: [End] = []

  init(_ text: String) {
    bytes = Array(text.utf8)
    var scanner = UTF8Scanner(bytes)
    var columns = 0
    var characters = 0
    while scanner.position < bytes.count {
      if let sign = Sign(bytes, at: scanner.position) {
        scanner.skip(sign.length)
        columns += sign.columns
        characters += sign.stands
      } else if case .scalar(let value) = scanner.next() {
        let width = ScalarTable.columns(of: value)
        columns += width
        if width == 0, let last = ends.indices.last {
          ends[last].byte = scanner.position
          continue
        }
        characters += 1
      }
      ends.append(End(byte: scanner.position, columns: columns, characters: characters))
    }
  }

  /// How many units fit.
  func count(within columns: Int) -> Int {
    ends.firstIndex { $0.columns > columns } ?? ends.count
  }

  func text(of count: Int) -> String {
    String(decoding: bytes[..<(count == 0 ? 0 : ends[count - 1].byte)], as: UTF8.self)
  }

  func columns(of count: Int) -> Int { count == 0 ? 0 : ends[count - 1].columns }

  func characters(from count: Int) -> Int {
    (ends.last?.characters ?? 0) - (count == 0 ? 0 : ends[count - 1].characters)
  }
}
