import Model
import Text

extension AWSSettings {
  /// Reads the files and the environment for one profile.
  ///
  /// A profile that was named and is not there is a fault, as is a value that means nothing.
  public static func load(
    world: AWSWorld, profile: String? = nil, region: String? = nil, endpointURL: String? = nil
  ) throws(SettingsFault) -> AWSSettings {
    try AWSSettings(
      try ProfileSet.load(world), environment: world.environment, home: world.home,
      AWSOptions(profile: profile, region: region, endpointURL: endpointURL))
  }

  /// The same of files that were read already: for many profiles, one after another.
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

  /// Names the section that was meant, where one was passed over for its unquoted name.
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

/// The names of regions, which become parts of host names.
enum RegionName {
  /// The name in lower case, when it can be one label of a host name; nil otherwise.
  static func read(_ text: Untrusted) -> String? {
    guard let name = text.asciiText?.lowercased(), (1...63).contains(name.utf8.count),
      name.utf8.first != 0x2D, name.utf8.last != 0x2D,
      name.utf8.allSatisfy({
        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
      })
    else { return nil }
    return name
  }
}
