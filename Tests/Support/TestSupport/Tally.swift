import Foundation
import Synchronization

/// The number of cases of someone else's file that were run here, for docs/conformance.md.
///
/// One line of JSON a file is appended to the file that `HANDSHAKE_TALLY` names; without it nothing
/// is written, and the suites run all the same.
public enum Tally {
  /// A case of the file that was not run, and the reason.
  public struct LeftOut: Encodable, Hashable, Sendable {
    /// The name of the case in its file.
    public var name: String
    /// The reason why it was not run, for the reader of docs/conformance.md.
    public var reason: String

    /// Creates the record of a case that was not run.
    public init(_ name: String, _ reason: String) {
      self.name = name
      self.reason = reason
    }
  }

  /// Appends the counts of one file of cases; does nothing without `HANDSHAKE_TALLY`.
  ///
  /// `file` is the path below `vectors/`; `cases` counts all of its cases, those left out included.
  ///
  /// - Throws: Foundation's error if the named file cannot be created, opened or written.
  public static func record(file: String, cases: Int, passed: Int, leftOut: [LeftOut] = []) throws {
    guard let path = ProcessInfo.processInfo.environment["HANDSHAKE_TALLY"], !path.isEmpty else {
      return
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var line = try encoder.encode(
      Line(judge: "vectors", file: file, cases: cases, passed: passed, leftOut: leftOut))
    line.append(0x0A)
    try appending.withLock { _ in
      if !FileManager.default.fileExists(atPath: path) {
        try Data().write(to: URL(fileURLWithPath: path))
      }
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      defer { handle.closeFile() }
      try handle.seekToEnd()
      try handle.write(contentsOf: line)
    }
  }

  private static let appending = Mutex(())

  private struct Line: Encodable {
    var judge: String
    var file: String
    var cases: Int
    var passed: Int
    var leftOut: [LeftOut]
  }
}
