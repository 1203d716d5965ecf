import Model
import Platform

/// The directories of a user's files (XDG Base Directory Specification).
///
/// Relative values are ignored, as the specification requires; the current directory is never used.
struct XDG: Hashable, Sendable {
  /// The directory of `config.toml`, `trust.toml` and the marker `read-only`.
  var config: String
  /// The directory of journal, drafts and history.
  var state: String
  /// The directory of the embedded organization.
  var data: String
  /// The source of `state`: an environment variable, `passwd`, or `unknown`.
  var stateOrigin: String
  /// Whether all three directories are known; otherwise nothing can be written, and only documents
  /// can be read.
  var isComplete: Bool
  /// HOME, when root does not use it because it belongs to another user.
  var passedOver: HomeFolder.Foreign?

  /// A replacement for an unknown directory: nothing exists there, and nothing can be created.
  private static let nowhere = "/nonexistent"

  init(environment: [String: String]) {
    self.init(environment: environment, home: HomeFolder(environment: environment))
  }

  init(environment: [String: String], home: HomeFolder?) {
    func place(_ variable: String, _ fallback: String) -> String? {
      if let base = HomeFolder.absolute(environment[variable]) { return base + "/handshake" }
      return home.map { $0.path + fallback + "/handshake" }
    }
    let places = [
      place("XDG_CONFIG_HOME", "/.config"), place("XDG_STATE_HOME", "/.local/state"),
      place("XDG_DATA_HOME", "/.local/share"),
    ]
    isComplete = !places.contains(nil)
    config = places[0] ?? Self.nowhere
    state = places[1] ?? Self.nowhere
    data = places[2] ?? Self.nowhere
    passedOver = home?.passedOver
    stateOrigin =
      HomeFolder.absolute(environment["XDG_STATE_HOME"]) == nil
      ? home?.source.rawValue ?? "unknown" : "XDG_STATE_HOME"
  }

  /// Checks that all directories are known.
  ///
  /// - Throws: `CommandFailure` when one is unknown, because there is no home directory.
  func requireComplete() throws(CommandFailure) {
    guard !isComplete else { return }
    throw CommandFailure(
      .failed, "there is no home directory",
      why: "HOME is not set to an absolute path, and the passwd entry of this user names none",
      remedy: "Set HOME, or XDG_CONFIG_HOME, XDG_STATE_HOME and XDG_DATA_HOME.")
  }

  /// Returns the message that root does not use another user's HOME; nil when that is not the case.
  func note(_ format: Formatter) -> String? {
    passedOver.map {
      "HOME (\(format.full($0.path))) belongs to uid \($0.owner) and this is root: nothing is made there, "
        + "root's own folder is used"
    }
  }
}
