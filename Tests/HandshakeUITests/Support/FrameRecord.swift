import Drawing
import Foundation
import HandshakeUI
import Testing

/// A recorded screen: its glyphs, and below them the role of each cell as one letter.
enum FrameRecord {
  private static var folder: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Frames")
  }

  static func text(_ frame: Frame) -> String {
    let rows = 0..<frame.size.rows
    let glyphs = rows.map { "|" + frame.text(row: $0) + "|\n" }
    let roles = rows.map { "|" + frame.roles(row: $0) + "|\n" }
    let cursor = frame.cursor.map { "cursor \($0.row),\($0.column)" } ?? "no cursor"
    return glyphs.joined() + cursor + "\n" + roles.joined()
  }

  /// Compares with the record; RECORD_FRAMES=1 writes it instead, and fails.
  static func check(_ frame: Frame, _ name: String) throws {
    let file = folder.appending(path: "\(name).txt")
    let drawn = text(frame)
    if ProcessInfo.processInfo.environment["RECORD_FRAMES"] != nil {
      try drawn.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded \(name)")
      return
    }
    let recorded = try? String(contentsOf: file, encoding: .utf8)
    guard let recorded, recorded != drawn else {
      #expect(recorded != nil, "no record of \(name): RECORD_FRAMES=1 writes it")
      return
    }
    let lines = zip(recorded.split(separator: "\n"), drawn.split(separator: "\n"))
    let first = lines.enumerated().first { $0.element.0 != $0.element.1 }
    Issue.record(
      """
      \(name) differs, first in line \((first?.offset ?? 0) + 1):
      was \(first?.element.0 ?? "")
      is  \(first?.element.1 ?? "")
      """)
  }
}
