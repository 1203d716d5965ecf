import Drawing
import Model
import Review
import Wire

extension State {
  /// The handshake as AWS CLI v2 prints it, in ASCII: what is not printable stands as its escape.
  func rawJSON(_ row: Row) -> [UInt8] { row.handshake.json(.terminal) }

  /// Lines that fit; what is longer goes on in the next one.
  func rawLines(_ row: Row) -> [String] {
    let layout = DetailLayout(size, isRaw: true)
    let columns = max(8, (layout.raw.map { $0.columns - 2 } ?? layout.main.columns) - 2)
    return rawJSON(row).split(separator: UInt8(ascii: "\n")).flatMap { line in
      stride(from: line.startIndex, to: line.endIndex, by: columns).map { start in
        String(decoding: line[start..<min(start + columns, line.endIndex)], as: UTF8.self)
      }
    }
  }
}
