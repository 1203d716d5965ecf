import Model
import Text

/// The profiles of the operator's AWS CLI: both files, read once, merged key by key. Cheap to ask for
/// one profile after another.
public struct ProfileSet: Sendable {
  public let configFile: ConfigSource
  public let credentialsFile: ConfigSource
  /// What in the files has no effect, in the order of their lines.
  public let remarks: [ConfigRemark]
  /// Files that are no files, and are passed over as the AWS CLI passes over them.
  public private(set) var warnings: [SettingsFault] = []
  // By bytes: two names that look the same may be two profiles.
  private let profiles: [Untrusted: ConfigSection]
  private let ssoSessions: [Untrusted: ConfigSection]
  private let servicesSections: [Untrusted: ConfigSection]

  /// Every profile's name, sorted.
  public var names: [String] { profiles.values.map(\.name).sorted() }
  /// The names of the `[sso-session …]` sections, sorted.
  public var ssoSessionNames: [String] { ssoSessions.values.map(\.name).sorted() }

  /// The profile, its keys those of the credentials file over those of the config file.
  public func profile(_ name: String) -> ConfigSection? { profiles[Untrusted(name)] }
  public func ssoSession(_ name: String) -> ConfigSection? { ssoSessions[Untrusted(name)] }
  public func services(_ name: String) -> ConfigSection? { servicesSections[Untrusted(name)] }

  /// Reads the files that `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` name, else those in
  /// `~/.aws`. A file that is not there has no profiles, and neither has a folder or a pipe, of which
  /// `warnings` tell.
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
        .map { VariablePath.expand($0, environment) }
      return ConfigSource(
        kind, path: HomePath.expand(path ?? "~/.aws/\(kind.rawValue)", home: home), home: home)
    }
    return (source(.config, "AWS_CONFIG_FILE"), source(.credentials, "AWS_SHARED_CREDENTIALS_FILE"))
  }

  /// What a file says, and its source with who else decides that: both of one opened file.
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

/// Paths with the names of variables in them, as unit files and env files have them.
enum VariablePath {
  /// `$NAME` and `${NAME}` as the variable's value, as Python's `os.path.expandvars` has it: one that is
  /// not set stays as it is written.
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

/// Paths as people write them in settings.
enum HomePath {
  /// `~` and `~/…` as the home directory; anything else as it is.
  static func expand(_ path: String, home: String) -> String {
    if path == "~" { return home }
    guard path.utf8.starts(with: "~/".utf8) else { return path }
    return (home.hasSuffix("/") ? String(home.dropLast()) : home) + path.dropFirst()
  }
}

extension ProfileSet {
  /// The profiles that say where credentials come from: what an inbox over many accounts may ask,
  /// sorted by name.
  public var namesWithCredentials: [String] { names.filter(canGiveCredentials) }

  /// Whether a profile says where its credentials come from. Whether they are good is not asked.
  public func canGiveCredentials(_ name: String) -> Bool {
    guard let profile = profile(name) else { return false }
    let roots = [
      ["aws_access_key_id", "aws_secret_access_key"], ["role_arn", "source_profile"],
      ["role_arn", "credential_source"], ["role_arn", "web_identity_token_file"],
      ["sso_account_id", "sso_role_name"], ["login_session"], ["credential_process"],
    ]
    return roots.contains { $0.allSatisfy(profile.has) }
  }

  /// Whether a profile says where to log in, and names no account yet.
  func beginsLogin(_ name: String) -> Bool {
    profile(name).map { $0.has("sso_session") || $0.has("sso_start_url") } ?? false
  }
}

/// Whether an AWS identity is configured, decided without asking anybody: for `--backend auto`.
public enum ConfiguredIdentity {
  /// Whether there is one for `profile`, else for the environment and the default profile. A named
  /// profile or a broken file counts: the operator means AWS, and is to be told what is wrong. An
  /// instance's own role does not count: it would have to be asked for.
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
