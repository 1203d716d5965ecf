import Machine

/// Where a user's files belong (XDG Base Directory Specification). Relative values are ignored, as
/// the specification asks; the current directory is never looked at.
struct XDG: Hashable, Sendable {
  /// `config.toml`, `trust.toml`, the marker `read-only`.
  var config: String
  /// Journal, drafts, history.
  var state: String
  /// The embedded organization.
  var data: String
  /// The variable that names the state's place, or `passwd`.
  var stateOrigin: String
  /// Whether each of them is known. Where it is not, nothing can be written; documents can be read.
  var isComplete: Bool
  /// HOME, when root does not use it because it is another user's.
  var passedOver: HomeFolder.Foreign?

  /// Stands for a place that is not known: nothing is there, and nothing can be made there.
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

  /// Why files cannot be written, when a place for them is not known.
  func requireComplete() throws(CommandFailure) {
    guard !isComplete else { return }
    throw CommandFailure(
      .failed, "there is no home directory",
      why: "HOME is not set to an absolute path, and the passwd entry of this user names none",
      remedy: "Set HOME, or XDG_CONFIG_HOME, XDG_STATE_HOME and XDG_DATA_HOME.")
  }

  /// What is said when root is not given another user's HOME; nil when there is nothing to say.
  func note(_ ink: Ink) -> String? {
    passedOver.map {
      "HOME (\(ink.full($0.path))) belongs to uid \($0.owner) and this is root: nothing is made there, "
        + "root's own folder is used"
    }
  }
}
