import Model
import Text

/// The settings for requests to AWS, from the environment and one profile of the AWS CLI.
///
/// This program's options take precedence over the environment, the environment over the profile,
/// and the profile over the built-in values.
public struct AWSSettings: Sendable {
  /// The profile's name; `default` if none is named.
  public let profile: Located<String>
  /// The profile's section in the files; nil if there is none, which is possible for `default`
  /// only.
  public let section: ConfigSection?
  /// Both files, for the profiles and sessions that this profile refers to.
  public let profiles: ProfileSet
  /// The region.
  ///
  /// The built-in value is `us-east-1`, as Organizations has one address in most partitions.
  public var region: Located<String>
  /// Whether FIPS endpoints are used (`use_fips_endpoint`).
  public let usesFIPS: Located<Bool>
  /// Whether dual-stack endpoints are used (`use_dualstack_endpoint`).
  public let usesDualStack: Located<Bool>
  /// Whether STS's global endpoint is used for the regions that have it (`sts_regional_endpoints =
  /// legacy`).
  public let usesGlobalSTS: Located<Bool>
  /// The path of a PEM file with the certificates to trust instead of the system's.
  public let caBundle: Located<String>?
  /// The proxies, from the environment only.
  public let proxies: ProxySettings
  /// The largest number of attempts of one request, the first one included; 1 to 1,000,000, by
  /// default 3.
  public let maxAttempts: Located<Int>
  /// The retry mode; `legacy` is replaced by `standard`.
  public let retryMode: Located<RetryMode>
  /// The set of time limits (`defaults_mode`).
  public let defaultsMode: Located<DefaultsMode>
  /// The operator's text for the User-Agent header, at most 50 bytes, with invalid ones replaced by
  /// `-`.
  public let appID: Located<String>?
  /// The folder in which `aws login` keeps its sessions.
  public let loginCache: Located<String>
  /// The folder in which `aws sso login` keeps its tokens: `~/.aws/sso/cache`.
  public let ssoCache: String
  /// Settings that probably have an unintended effect.
  public let warnings: [SettingsFault]

  let options: AWSOptions
  let lookup: SettingsLookup

  /// The time limit of a connection, TLS included.
  public var connectTimeout: Span { defaultsMode.value.connectTimeout }

  /// Returns the settings of an instance's metadata service, which are used only if credentials
  /// come from there.
  ///
  /// - Throws: `SettingsFault` if the endpoint, its mode, the time limit or the number of attempts
  ///   is invalid.
  public func instanceMetadata() throws(SettingsFault) -> InstanceMetadataSettings {
    try lookup.instanceMetadata()
  }
}

/// The AWS settings among this program's own options.
public struct AWSOptions: Hashable, Sendable {
  /// The profile's name; nil for `AWS_PROFILE` or `default`.
  public var profile: String?
  /// The region; nil for the environment's or the profile's.
  public var region: String?
  /// The endpoint of all services, as `AWS_ENDPOINT_URL`; a sandbox must not share its requests
  /// with AWS.
  public var endpointURL: String?
  /// Whether the endpoints in the environment and the files are ignored.
  public var ignoresConfiguredEndpoints: Bool

  /// Creates the options; by default none is set.
  public init(
    profile: String? = nil, region: String? = nil, endpointURL: String? = nil,
    ignoresConfiguredEndpoints: Bool = false
  ) {
    self.profile = profile
    self.region = region
    self.endpointURL = endpointURL
    self.ignoresConfiguredEndpoints = ignoresConfiguredEndpoints
  }
}

/// The sets of time limits for the network where the program runs (`AWS_DEFAULTS_MODE`).
public enum DefaultsMode: String, Hashable, CaseIterable, Sendable {
  case standard
  case inRegion = "in-region"
  case crossRegion = "cross-region"
  case mobile
  /// Treated as `standard`: the detection would need the instance's metadata.
  case auto
  case legacy

  /// The time limit of a connection, TLS included.
  public var connectTimeout: Span {
    switch self {
    case .standard, .crossRegion, .auto, .legacy: Span(milliseconds: 3_100)
    case .inRegion: Span(milliseconds: 1_100)
    case .mobile: Span(milliseconds: 30_000)
    }
  }
}

extension AWSSettings {
  /// Reads the files and the environment for one profile.
  ///
  /// - Throws: `SettingsFault` if a file cannot be read or is invalid, the named profile does not
  ///   exist, or a setting has an invalid value.
  public static func load(
    world: AWSWorld, profile: String? = nil, region: String? = nil, endpointURL: String? = nil
  ) throws(SettingsFault) -> AWSSettings {
    try AWSSettings(
      try ProfileSet.load(world), environment: world.environment, home: world.home,
      AWSOptions(profile: profile, region: region, endpointURL: endpointURL))
  }

  /// Creates the settings of one profile from files that were already read, for many profiles in
  /// turn.
  ///
  /// - Throws: `SettingsFault` if the named profile does not exist or a setting has an invalid
  ///   value.
  public init(
    _ profiles: ProfileSet, environment: [String: String], home: String,
    _ options: AWSOptions = AWSOptions()
  ) throws(SettingsFault) {
    let profile = Self.chosenProfile(environment, options)
    let section = profiles.profile(profile.value)
    if section == nil, profile.value != "default" {
      throw profile.origin.fault("profile", Self.absence(of: profile.value, profiles))
    }
    let lookup = SettingsLookup(environment: environment, section: section)
    self.profiles = profiles
    self.profile = profile
    self.section = section
    self.options = options
    self.lookup = lookup
    region = try Self.region(lookup, options)
    usesFIPS = lookup.flag(["AWS_USE_FIPS_ENDPOINT"], "use_fips_endpoint")
    usesDualStack = lookup.flag(["AWS_USE_DUALSTACK_ENDPOINT"], "use_dualstack_endpoint")
    usesGlobalSTS = try lookup.word(
      ["AWS_STS_REGIONAL_ENDPOINTS"], "sts_regional_endpoints", or: STSAddress.regional
    ).map { $0 == .legacy }
    caBundle =
      lookup.path(["AWS_CA_BUNDLE"], "ca_bundle", home: home)
      ?? lookup.path(["REQUESTS_CA_BUNDLE"], home: home)
    proxies = ProxySettings(lookup)
    maxAttempts = try lookup.number(
      ["AWS_MAX_ATTEMPTS"], "max_attempts", in: 1...1_000_000, or: 3)
    retryMode = try lookup.word(["AWS_RETRY_MODE"], "retry_mode", or: RetryMode.standard)
      .map { $0 == .legacy ? .standard : $0 }
    defaultsMode = try lookup.word(
      ["AWS_DEFAULTS_MODE"], "defaults_mode", or: DefaultsMode.standard)
    appID = lookup.text(["AWS_SDK_UA_APP_ID"], "sdk_ua_app_id")
      .map { $0.map(UserAgent.token) }
    let aws = HomePath.expand("~/.aws", home: home)
    loginCache =
      lookup.path(["AWS_LOGIN_CACHE_DIRECTORY"], home: home)
      ?? Located(aws + "/login/cache", .builtIn)
    ssoCache = aws + "/sso/cache"
    warnings = Self.warnings(lookup, profile: profile, region: region)
  }

  /// Returns the text for a missing profile, with the section that was ignored because its name has
  /// no quotes, if there is one.
  private static func absence(of name: String, _ profiles: ProfileSet) -> Untrusted {
    let words = Untrusted.detail("there is no profile", Untrusted(name))
    let meant = profiles.remarks.first { $0.header == Untrusted("profile \(name)") }
    guard let meant else { return words }
    return Untrusted(bytes: words.bytes + Array("; ".utf8) + meant.text.bytes)
  }

  private enum STSAddress: String, CaseIterable {
    case regional
    case legacy
  }

  // MARK: Profile and region

  private static let profileVariables = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]

  /// Returns the profile's name: the option, else the environment's, else `default`.
  static func chosenProfile(
    _ environment: [String: String], _ options: AWSOptions
  ) -> Located<String> {
    if let name = options.profile { return Located(name, .option("--profile")) }
    let lookup = SettingsLookup(environment: environment, section: nil)
    return lookup.text(profileVariables)?.map { String(decoding: $0.bytes, as: UTF8.self) }
      ?? Located("default", .builtIn)
  }

  private static func region(
    _ lookup: SettingsLookup, _ options: AWSOptions
  ) throws(SettingsFault) -> Located<String> {
    let said =
      options.region.map { Located(Untrusted($0), .option("--region")) }
      ?? lookup.text(["AWS_REGION", "AWS_DEFAULT_REGION"], "region")
    guard let said else { return Located("us-east-1", .builtIn) }
    guard let region = RegionName.read(said.value) else {
      let isCommented = said.value.bytes.contains { "#;".utf8.contains($0) }
      let hint = isCommented ? " (a comment has a line of its own)" : ""
      throw said.origin.fault("region", .detail("not a region's name\(hint):", said.value))
    }
    return Located(region, said.origin)
  }

  private static func warnings(
    _ lookup: SettingsLookup, profile: Located<String>, region: Located<String>
  ) -> [SettingsFault] {
    var warnings: [SettingsFault] = []
    if Partition.known(region: region.value) == nil {
      warnings.append(
        region.origin.fault(
          "region",
          .detail(
            "unknown region, treated as commercial AWS:",
            Untrusted(region.value))))
    }
    let said = profileVariables.compactMap { lookup.variable($0) }
    if case .variable = profile.origin, said.count == 2, said[0].value != said[1].value {
      warnings.append(
        said[1].origin.fault("profile", .detail("overruled by AWS_PROFILE:", said[1].value)))
    }
    return warnings
  }
}

/// The rules for region names, which become parts of host names.
enum RegionName {
  /// Returns the name in lower case if it is a valid label of a host name, else nil.
  static func read(_ text: Untrusted) -> String? {
    guard let name = text.asciiText?.lowercased(), (1...63).contains(name.utf8.count),
      name.utf8.first != 0x2D, name.utf8.last != 0x2D,
      name.utf8.allSatisfy({
        $0.isASCIILowercase || $0.isASCIIDigit || $0 == 0x2D
      })
    else { return nil }
    return name
  }
}

extension AWSSettings {
  /// The services that the profile's requests and credentials need, as far as the settings show.
  ///
  /// If the profile's plan cannot be read, all services.
  public var servicesInUse: Set<AWSService> {
    let plan: ProfilePlan?
    do throws(CredentialsFault) {
      plan = try ProfilePlan.read(profiles, profile.value)
    } catch { return Set(AWSService.allCases) }
    return switch plan?.base {
    case .sso: [.organizations, .sts, .sso, .ssoOIDC]
    case .login: [.organizations, .sts, .signin]
    case .keys, .named, .webIdentity, .process, nil: [.organizations, .sts]
    }
  }

  /// The endpoints that are not AWS's own, to be reported before the first request.
  ///
  /// Endpoints on this machine are included, unless all services that the profile needs use one
  /// server here, which is a sandbox.
  public var endpointsToTell: [(service: AWSService, endpoint: Endpoint)] {
    let custom = AWSService.allCases.compactMap { service in
      // SAFETY: an invalid endpoint is an error when it is used.
      (try? endpoint(for: service)).flatMap { $0.isCustom ? (service: service, endpoint: $0) : nil }
    }
    let isOneServerHere =
      Set(custom.map(\.endpoint.host)).count == 1
      && custom.allSatisfy { $0.endpoint.isOnThisMachine }
      && servicesInUse.isSubset(of: custom.map(\.service))
    return isOneServerHere ? [] : custom
  }

  /// Returns the paths of the login and token files that the profile's credentials are read from.
  public func credentialFiles(home: String) -> [String] {
    // SAFETY: an unreadable plan is reported when the credentials are loaded.
    switch (try? ProfilePlan.read(profiles, profile.value))?.base {
    case .sso(let settings): [settings.tokenFile(in: ssoCache)]
    case .login(let session): [LoginSource.file(of: session, in: loginCache.value)]
    case .webIdentity(let file, _, _): [HomePath.expand(file.text, home: home)]
    case .keys, .named, .process, nil: []
    }
  }
}
