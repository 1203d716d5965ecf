import Foundation

/// Test data beside the checkout: `HANDSHAKE_SHARED`, else `../shared`.
///
/// Where it is missing, reading throws, so that its tests fail instead of passing unnoticed.
public enum SharedFolder {
  /// The folder, whether it exists or not.
  public static var url: URL {
    if let path = ProcessInfo.processInfo.environment["HANDSHAKE_SHARED"], !path.isEmpty {
      return URL(fileURLWithPath: path)
    }
    // This file is Tests/Support/TestSupport/SharedFolder.swift of the package.
    var package = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { package.deleteLastPathComponent() }
    return package.deletingLastPathComponent().appendingPathComponent("shared")
  }

  /// Returns the contents of a file; `path` is relative to the folder.
  ///
  /// - Throws: Foundation's error if the file cannot be read.
  public static func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: url.appendingPathComponent(path)))
  }

  /// The names of the files in a folder, sorted.
  public static func names(in path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(
      atPath: url.appendingPathComponent(path).path
    ).sorted()
  }
}
