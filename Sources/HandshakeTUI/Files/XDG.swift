/// Where a user's files belong (XDG Base Directory Specification). Relative values are ignored, as
/// the specification asks; the current directory is never looked at.
struct XDG: Hashable, Sendable {
  /// `config.toml`, `trust.toml`, the marker `read-only`.
  var config: String
  /// Journal, drafts, history.
  var state: String
  /// The embedded organization.
  var data: String
  /// The variable that names the state's place.
  var stateOrigin: String

  /// Nil when neither the variables nor HOME name an absolute place.
  init?(environment: [String: String]) {
    func place(_ variable: String, _ fallback: String) -> String? {
      if let base = Self.absolute(environment[variable]) { return base + "/handshake" }
      return Self.absolute(environment["HOME"]).map { $0 + fallback + "/handshake" }
    }
    guard let config = place("XDG_CONFIG_HOME", "/.config"),
      let state = place("XDG_STATE_HOME", "/.local/state"),
      let data = place("XDG_DATA_HOME", "/.local/share")
    else { return nil }
    self.config = config
    self.state = state
    self.data = data
    stateOrigin = Self.absolute(environment["XDG_STATE_HOME"]) == nil ? "HOME" : "XDG_STATE_HOME"
  }

  private static func absolute(_ path: String?) -> String? {
    guard var path, path.utf8.first == UInt8(ascii: "/") else { return nil }
    while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
    return path == "/" ? "" : path
  }
}
