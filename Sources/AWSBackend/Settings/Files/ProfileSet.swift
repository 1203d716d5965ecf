import Model
import Text

/// The profiles of the operator's AWS CLI: both files, read once, merged key by key. Cheap to ask for
/// one profile after another.
public struct ProfileSet: Sendable {
  public let configFile: ConfigSource
  public let credentialsFile: ConfigSource
  private let profiles: [String: ConfigSection]
  private let ssoSessions: [String: ConfigSection]
  private let servicesSections: [String: ConfigSection]

  /// Every profile's name, sorted.
  public var names: [String] { profiles.keys.sorted() }
  /// The names of the `[sso-session …]` sections, sorted.
  public var ssoSessionNames: [String] { ssoSessions.keys.sorted() }

  /// The profile, its keys those of the credentials file over those of the config file.
  public func profile(_ name: String) -> ConfigSection? { profiles[name] }
  public func ssoSession(_ name: String) -> ConfigSection? { ssoSessions[name] }
  public func services(_ name: String) -> ConfigSection? { servicesSections[name] }

  /// Reads the files that `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` name, else those in
  /// `~/.aws`. A file that is not there has no profiles.
  public static func load(_ world: AWSWorld) throws(SettingsFault) -> ProfileSet {
    let sources = locate(world.environment, home: world.home)
    let (config, configText) = try read(sources.config, world)
    let (credentials, credentialsText) = try read(sources.credentials, world)
    return ProfileSet(
      config: config, configText, credentials: credentials, credentialsText)
  }

  /// The same of texts that were read already. Nil: no such file.
  public static func read(
    config: [UInt8]?, credentials: [UInt8]?, environment: [String: String] = [:], home: String
  ) throws(SettingsFault) -> ProfileSet {
    let sources = locate(environment, home: home)
    return ProfileSet(
      config: sources.config, try ConfigText.read(config ?? [], of: sources.config),
      credentials: sources.credentials,
      try ConfigText.read(credentials ?? [], of: sources.credentials))
  }

  static func locate(
    _ environment: [String: String], home: String
  ) -> (config: ConfigSource, credentials: ConfigSource) {
    func source(_ kind: ConfigSource.Kind, _ variable: String) -> ConfigSource {
      let path = environment[variable].flatMap { $0.isEmpty ? nil : $0 }
      return ConfigSource(
        kind, path: HomePath.expand(path ?? "~/.aws/\(kind.rawValue)", home: home), home: home)
    }
    return (source(.config, "AWS_CONFIG_FILE"), source(.credentials, "AWS_SHARED_CREDENTIALS_FILE"))
  }

  /// What a file says, and its source with who else decides that: both of one opened file.
  private static func read(
    _ source: ConfigSource, _ world: AWSWorld
  ) throws(SettingsFault) -> (ConfigSource, ConfigFile) {
    let file: JudgedFile?
    do {
      file = try world.read(source.path)
    } catch {
      throw SettingsFault(
        Untrusted(source.kind.rawValue), origin: source.shownPath, detail: Untrusted(error.detail))
    }
    var source = source
    source.doubt = file?.doubt
    return (source, try ConfigText.read(file?.bytes ?? [], of: source))
  }

  private init(
    config: ConfigSource, _ configText: ConfigFile, credentials: ConfigSource,
    _ credentialsText: ConfigFile
  ) {
    configFile = config
    credentialsFile = credentials
    var profiles = configText.allProfiles
    for (name, section) in credentialsText.allProfiles {
      profiles[name, default: ConfigSection(name)].merge(section)
    }
    self.profiles = profiles
    ssoSessions = configText.ssoSessions
    servicesSections = configText.services
  }
}

/// Paths as people write them in settings.
enum HomePath {
  /// `~` and `~/…` as the home directory; anything else as it is.
  static func expand(_ path: String, home: String) -> String {
    if path == "~" { return home }
    guard path.utf8.starts(with: "~/".utf8) else { return path }
    return (home.hasSuffix("/") ? String(home.dropLast()) : home) + path.dropFirst()
  }
}
