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
