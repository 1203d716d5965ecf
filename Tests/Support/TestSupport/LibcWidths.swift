import CSpawn

/// libc's width of each scalar in C.UTF-8: −1 for one that is not printable.
public struct LibcWidths: Sendable {
  private let columns: [Int8]

  /// Nil where there is no such locale.
  public init?() {
    var columns = [Int8](repeating: 0, count: 0x11_0000)
    guard cs_widths(&columns, UInt32(columns.count)) == 0 else { return nil }
    self.columns = columns
  }

  /// Returns the columns of a scalar, U+10FFFF at most; −1 if libc does not print it.
  public func columns(of scalar: UInt32) -> Int { Int(columns[Int(scalar)]) }
}
