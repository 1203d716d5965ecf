import Glibc

/// The file `read-only` beside the configuration (SEC-4.1.7).
enum ReadOnlyMarker {
  /// Returns why the session is read-only; nil when the marker is certainly not there.
  ///
  /// Only the system's "there is no such file" counts as not there. A folder that cannot be searched, a
  /// file in its place, a circle of links or a broken disk may hide a marker.
  static func origin(in folder: String) -> Origin? {
    let path = folder + "/read-only"
    var status = stat()
    if lstat(path, &status) == 0 { return .marker(path: path) }
    guard errno == ENOENT else { return .hiddenMarker(path: path, errno: errno) }
    return isHiddenByLink(folder) ? .hiddenMarker(path: path, errno: ENOENT) : nil
  }

  /// Returns whether a folder on the way is a link to nothing, such as a disk that is not mounted.
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
