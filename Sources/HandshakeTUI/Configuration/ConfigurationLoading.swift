import Glibc
import Model
import Platform

extension ConfigurationFile {
  private static let limit = 1 << 20

  /// Reads the file named by `--config`, or `config.toml` in its directory if that exists.
  ///
  /// Nothing else from the current directory or above it is used.
  ///
  /// - Throws: `CommandFailure` when the current directory is needed and cannot be determined, the
  ///   path or the file is unsafe or cannot be read, a named file does not exist, or the contents
  ///   are invalid.
  static func load(
    _ named: String?, _ places: XDG, _ format: Formatter, table: [SettingRow]
  ) throws(CommandFailure) -> (ConfigurationFile, isThere: Bool) {
    let named = try named.map { (path) throws(CommandFailure) in try Settings.fromHere(path) }
    if let named { try Settings.judgeWay(to: named, format) }
    let path = named.map { Settings.absolute($0) } ?? places.config + "/config.toml"
    let bytes: [UInt8]?
    do throws(FileError) {
      bytes = try contents(path)
    } catch {
      guard error.isMissing else { throw error.failure(format) }
      bytes = nil
    }
    guard let bytes else {
      guard named == nil else {
        throw CommandFailure(
          .failed, "\(format.full(path)) does not exist", why: "--config names it",
          remedy: "Name an existing file, or omit --config.")
      }
      return (ConfigurationFile(path: path), false)
    }
    do throws(ConfigurationError) {
      return (try ConfigurationFile(path: path, bytes: bytes, table: table), true)
    } catch { throw error.failure(format) }
  }

  private static func contents(_ path: String) throws(FileError) -> [UInt8]? {
    let (directory, name) = path.splitAtLastSlash
    return try Directory.open(directory, creating: false, privacy: .unforged)
      .contents(of: name, limit: limit, privacy: .unforged)
  }
}

/// The file `read-only` beside the configuration (SEC-4.1.7).
enum ReadOnlyMarker {
  /// Returns the reason that the session is read-only; nil when the marker certainly does not
  /// exist.
  ///
  /// Only the system's "no such file" counts as absent. A folder that cannot be searched, a file in
  /// its place, a circle of links or a broken disk may hide a marker.
  static func origin(in folder: String) -> Origin? {
    let path = folder + "/read-only"
    var status = stat()
    if lstat(path, &status) == 0 { return .marker(path: path) }
    guard errno == ENOENT else { return .hiddenMarker(path: path, errno: errno) }
    return isHiddenByLink(folder) ? .hiddenMarker(path: path, errno: ENOENT) : nil
  }

  /// Returns whether a folder on the path is a link to nothing, such as an unmounted disk.
  private static func isHiddenByLink(_ folder: String) -> Bool {
    var folder = folder
    var status = stat()
    while lstat(folder, &status) != 0 {
      guard let slash = folder.lastIndex(of: "/"), slash != folder.startIndex else { return false }
      folder = String(folder[..<slash])
    }
    return stat(folder, &status) != 0
  }
}
