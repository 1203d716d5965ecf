import Model
import Review
import Wire

extension State {
  /// The handshake as AWS CLI v2 prints it, in ASCII: what is not printable stands as its escape.
  func rawJSON(_ row: Row) -> [UInt8] { row.handshake.json(.terminal) }

  func rawLines(_ row: Row) -> [String] {
    rawJSON(row).split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
  }
}
