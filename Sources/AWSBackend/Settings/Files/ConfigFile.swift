import Model
import Text

/// The sections of one file.
struct ConfigFile: Sendable {
  var profiles: [String: ConfigSection] = [:]
  /// `[default]` of the config file.
  var bareDefault: ConfigSection?
  var ssoSessions: [String: ConfigSection] = [:]
  var services: [String: ConfigSection] = [:]

  /// `[profile default]` hides `[default]`.
  var allProfiles: [String: ConfigSection] {
    var all = profiles
    if let bareDefault, all["default"] == nil { all["default"] = bareDefault }
    return all
  }
}
