import Model
import Text

/// Everything that the environment and one profile of the AWS CLI say about how AWS is asked: this
/// program's options over the environment over the profile over what is built in.
public struct AWSSettings: Sendable {
  /// Its name; `default` where nobody named one.
  public let profile: Located<String>
  /// What the files say under that name; nil when there is no such profile, which only `default` may
  /// be.
  public let section: ConfigSection?
  /// Both files, for the profiles and sessions that this one refers to.
  public let profiles: ProfileSet
  /// The region. Built in: `us-east-1`, as Organizations has one address in most partitions.
  public var region: Located<String>
  public let usesFIPS: Located<Bool>
  public let usesDualStack: Located<Bool>
  /// Whether STS is asked at its global address where that is possible.
  public let usesGlobalSTS: Located<Bool>
  /// A file of certificates (PEM) to trust instead of the system's.
  public let caBundle: Located<String>?
  public let proxies: ProxySettings
  /// Sendings of one request, the first included; at least 1.
  public let maxAttempts: Located<Int>
  public let retryMode: Located<RetryMode>
  public let defaultsMode: Located<DefaultsMode>
  /// What the operator wants in the user agent, of the characters that fit there.
  public let appID: Located<String>?
  /// Where `aws login` keeps its sessions.
  public let loginCache: Located<String>
  /// Where `aws sso login` keeps its tokens.
  public let ssoCache: String
  /// Settings that have an effect that is probably not meant.
  public let warnings: [SettingsFault]

  let options: AWSOptions
  let lookup: SettingsLookup

  public var connectTimeout: Span { defaultsMode.value.connectTimeout }

  /// How an instance's metadata service is asked; only where credentials come from there.
  public func instanceMetadata() throws(SettingsFault) -> InstanceMetadataSettings {
    try lookup.instanceMetadata()
  }
}

/// What this program was told itself.
public struct AWSOptions: Hashable, Sendable {
  public var profile: String?
  public var region: String?
  /// For all services, as `AWS_ENDPOINT_URL`: a sandbox must not share its requests with AWS.
  public var endpointURL: String?
  /// Whether the endpoints of the environment and the files count for nothing.
  public var ignoresConfiguredEndpoints: Bool

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

/// A set of time limits for where the program runs (`AWS_DEFAULTS_MODE`).
public enum DefaultsMode: String, Hashable, CaseIterable, Sendable {
  case standard
  case inRegion = "in-region"
  case crossRegion = "cross-region"
  case mobile
  /// Read as `standard`: finding out would ask the instance's metadata.
  case auto
  case legacy

  /// Of the connection, TLS included.
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
        $0.isASCIILowercase || $0.isASCIIDigit || $0 == 0x2D
      })
    else { return nil }
    return name
  }
}

extension AWSSettings {
  /// The services that the profile's requests and credentials need, as far as the settings tell; all of
  /// them where the profile's plan cannot be read.
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

  /// The endpoints that are not AWS's own, told before anything is asked there: also those on this
  /// machine, unless everything that the profile needs is one server here, which is a sandbox.
  public var endpointsToTell: [(service: AWSService, endpoint: Endpoint)] {
    let custom = AWSService.allCases.compactMap { service in
      // SAFETY: an endpoint that cannot be used is a fault where it would be asked.
      (try? endpoint(for: service)).flatMap { $0.isCustom ? (service: service, endpoint: $0) : nil }
    }
    let isOneServerHere =
      Set(custom.map(\.endpoint.host)).count == 1
      && custom.allSatisfy { $0.endpoint.isOnThisMachine }
      && servicesInUse.isSubset(of: custom.map(\.service))
    return isOneServerHere ? [] : custom
  }

  /// The files of logins and tokens that the profile's credentials will be read from.
  public func credentialFiles(home: String) -> [String] {
    // SAFETY: a plan that cannot be read is told where the credentials are asked for.
    switch (try? ProfilePlan.read(profiles, profile.value))?.base {
    case .sso(let settings): [settings.tokenFile(in: ssoCache)]
    case .login(let session): [LoginSource.file(of: session, in: loginCache.value)]
    case .webIdentity(let file, _, _): [HomePath.expand(file.text, home: home)]
    case .keys, .named, .process, nil: []
    }
  }
}
