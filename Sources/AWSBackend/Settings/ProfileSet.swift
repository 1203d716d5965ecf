import Model
import Text

/// The profiles of the operator's AWS CLI: both files, read once and merged key by key.
///
/// The lookup of a profile is cheap.
public struct ProfileSet: Sendable {
  /// The config file.
  public let configFile: ConfigSource
  /// The credentials file.
  public let credentialsFile: ConfigSource
  /// The remarks on what has no effect, those of the config file first, each file's in the order of
  /// its lines.
  public let remarks: [ConfigRemark]
  /// The warnings about folders, pipes and the like, which are ignored as the AWS CLI ignores them.
  public private(set) var warnings: [SettingsFault] = []
  // Keyed by bytes: two names that look the same may be two profiles.
  private let profiles: [Untrusted: ConfigSection]
  private let ssoSessions: [Untrusted: ConfigSection]
  private let servicesSections: [Untrusted: ConfigSection]

  /// The names of all profiles, sorted.
  public var names: [String] { profiles.values.map(\.name).sorted() }
  /// The names of the `[sso-session …]` sections, sorted.
  public var ssoSessionNames: [String] { ssoSessions.values.map(\.name).sorted() }

  /// Returns a profile; keys of the credentials file take precedence over those of the config file.
  public func profile(_ name: String) -> ConfigSection? { profiles[Untrusted(name)] }
  /// Returns the section `[sso-session …]` of this name.
  public func ssoSession(_ name: String) -> ConfigSection? { ssoSessions[Untrusted(name)] }
  /// Returns the section `[services …]` of this name.
  public func services(_ name: String) -> ConfigSection? { servicesSections[Untrusted(name)] }

  /// Reads the files that `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` name, else those in
  /// `~/.aws`.
  ///
  /// A missing file has no profiles. Neither has a folder or a pipe, which `warnings` reports.
  ///
  /// - Throws: `SettingsFault` if a file cannot be read or has an invalid line.
  public static func load(_ world: AWSWorld) throws(SettingsFault) -> ProfileSet {
    let sources = locate(world.environment, home: world.home)
    var warnings: [SettingsFault] = []
    let (config, configText) = try read(sources.config, world, &warnings)
    let (credentials, credentialsText) = try read(sources.credentials, world, &warnings)
    var set = ProfileSet(
      config: config, configText, credentials: credentials, credentialsText)
    set.warnings = warnings
    return set
  }

  /// Parses texts that were already read; nil stands for a missing file.
  ///
  /// - Throws: `SettingsFault` if a text has an invalid line.
  public static func read(
    config: [UInt8]?, credentials: [UInt8]?, environment: [String: String] = [:], home: String
  ) throws(SettingsFault) -> ProfileSet {
    let sources = locate(environment, home: home)
    return ProfileSet(
      config: sources.config, try ConfigText.read(config ?? [], of: sources.config),
      credentials: sources.credentials,
      try ConfigText.read(credentials ?? [], of: sources.credentials))
  }

  /// Returns both files' paths, from their variables or in `~/.aws`.
  static func locate(
    _ environment: [String: String], home: String
  ) -> (config: ConfigSource, credentials: ConfigSource) {
    func source(_ kind: ConfigSource.Kind, _ variable: String) -> ConfigSource {
      let path = environment[variable].flatMap { $0.isEmpty ? nil : $0 }
        .map { VariablePath.expand($0, environment) }
      return ConfigSource(
        kind, path: HomePath.expand(path ?? "~/.aws/\(kind.rawValue)", home: home), home: home)
    }
    return (source(.config, "AWS_CONFIG_FILE"), source(.credentials, "AWS_SHARED_CREDENTIALS_FILE"))
  }

  /// Reads a file, and returns its content and who else can change it, both of the same open file.
  ///
  /// - Throws: `SettingsFault` if the file cannot be read or has an invalid line.
  private static func read(
    _ source: ConfigSource, _ world: AWSWorld, _ warnings: inout [SettingsFault]
  ) throws(SettingsFault) -> (ConfigSource, ConfigFile) {
    var file: JudgedFile?
    do {
      file = try world.read(source.path)
    } catch {
      func fault(_ detail: String) -> SettingsFault {
        SettingsFault(
          Untrusted(source.kind.rawValue), origin: source.shownPath, detail: Untrusted(detail))
      }
      guard error.isNoFile else { throw fault(error.detail) }
      warnings.append(fault("\(error.detail); no profile is read from it"))
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
    var profiles = configText.profiles
    for (name, section) in credentialsText.profiles {
      profiles[name, default: ConfigSection(section.name)].merge(section)
    }
    self.profiles = profiles
    remarks = configText.remarks + credentialsText.remarks
    ssoSessions = configText.ssoSessions
    servicesSections = configText.services
  }
}

/// The expansion of variables in paths; unit files and env files leave them unexpanded.
enum VariablePath {
  /// Replaces `$NAME` and `${NAME}` by the variable's value, as Python's `os.path.expandvars` does.
  ///
  /// A variable that is not set is left as it is written.
  static func expand(_ path: String, _ environment: [String: String]) -> String {
    let text = Array(path.utf8)
    var expanded: [UInt8] = []
    var rest = text[...]
    while let sign = rest.firstIndex(of: UInt8(ascii: "$")) {
      expanded += rest[..<sign]
      let after = rest[(sign + 1)...]
      let isBraced = after.first == UInt8(ascii: "{")
      let name =
        isBraced
        ? after.dropFirst().prefix { $0 != UInt8(ascii: "}") } : after.prefix(while: isNameByte)
      let end = name.endIndex + (isBraced ? 1 : 0)
      let value = end <= text.endIndex ? environment[String(decoding: name, as: UTF8.self)] : nil
      if let value, !name.isEmpty {
        expanded += value.utf8
        rest = text[end...]
      } else {
        expanded.append(UInt8(ascii: "$"))
        rest = after
      }
    }
    return String(decoding: expanded + rest, as: UTF8.self)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte.isASCIIAlphanumeric || byte == UInt8(ascii: "_")
  }
}

/// The expansion of `~` in paths.
enum HomePath {
  /// Replaces `~` and the beginning of `~/…` by the home directory; any other path is returned
  /// unchanged.
  static func expand(_ path: String, home: String) -> String {
    if path == "~" { return home }
    guard path.utf8.starts(with: "~/".utf8) else { return path }
    return (home.hasSuffix("/") ? String(home.dropLast()) : home) + path.dropFirst()
  }
}

extension ProfileSet {
  /// The names of the profiles with settings for credentials, sorted; an inbox over many accounts
  /// may use them.
  public var namesWithCredentials: [String] { names.filter(canGiveCredentials) }

  /// Returns whether a profile has settings for its credentials; their validity is not checked.
  public func canGiveCredentials(_ name: String) -> Bool {
    guard let profile = profile(name) else { return false }
    let roots = [
      ["aws_access_key_id", "aws_secret_access_key"], ["role_arn", "source_profile"],
      ["role_arn", "credential_source"], ["role_arn", "web_identity_token_file"],
      ["sso_account_id", "sso_role_name"], ["login_session"], ["credential_process"],
    ]
    return roots.contains { $0.allSatisfy(profile.has) }
  }

  /// Returns whether a profile has settings for a login, with or without an account.
  func beginsLogin(_ name: String) -> Bool {
    profile(name).map { $0.has("sso_session") || $0.has("sso_start_url") } ?? false
  }
}

/// The check whether an AWS identity is configured, without any request, for `--backend auto`.
public enum ConfiguredIdentity {
  /// Returns whether `profile` is named, or the environment or a file configures an identity.
  ///
  /// A named profile or an invalid file counts: the operator means AWS and must see what is wrong.
  /// An instance's own role does not count, since only a request could find it.
  public static func isThere(in world: AWSWorld, profile: String? = nil) -> Bool {
    let lookup = SettingsLookup(environment: world.environment, section: nil)
    let variables = [
      "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
      "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
      "AWS_WEB_IDENTITY_TOKEN_FILE",
    ]
    if profile != nil || variables.contains(where: { lookup.variable($0) != nil }) { return true }
    do {
      let set = try ProfileSet.load(world)
      return set.names.contains { set.canGiveCredentials($0) || set.beginsLogin($0) }
    } catch {
      return true
    }
  }
}
