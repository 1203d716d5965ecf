import Model
import Text

/// The settings of an EC2 instance's metadata service.
public struct InstanceMetadataSettings: Hashable, Sendable {
  /// Whether the service is never used (`AWS_EC2_METADATA_DISABLED`).
  public var isDisabled: Located<Bool>
  /// Whether version 1, which needs no token, is never used (`ec2_metadata_v1_disabled`).
  public var isVersion1Disabled: Located<Bool>
  /// The address of the service.
  public var endpoint: IMDSEndpoint
  /// The time limit of the connection, and of each attempt; 1 to 3,600 seconds.
  public var timeout: Located<Span>
  /// The number of attempts, 1 to 100; `InstanceSource` makes 3 if it is not set.
  public var attempts: Located<Int>
}

/// The address of the instance metadata service.
public struct IMDSEndpoint: Hashable, Sendable {
  /// The URL, without a slash at the end.
  public var url: String
  /// The origin of the URL or of the mode that selected it.
  public var origin: SettingOrigin

  /// AWS's IPv4 address of the service.
  public static let ipv4 = "http://169.254.169.254"
  /// AWS's IPv6 address of the service.
  public static let ipv6 = "http://[fd00:ec2::254]"
}

extension SettingsLookup {
  /// Returns the settings of the metadata service.
  ///
  /// - Throws: `SettingsFault` if the endpoint, its mode, the time limit or the number of attempts
  ///   is invalid.
  func instanceMetadata() throws(SettingsFault) -> InstanceMetadataSettings {
    let seconds = try number(
      ["AWS_METADATA_SERVICE_TIMEOUT"], "metadata_service_timeout", in: 1...3_600, or: 1)
    return InstanceMetadataSettings(
      isDisabled: flag(["AWS_EC2_METADATA_DISABLED"]),
      isVersion1Disabled: flag(["AWS_EC2_METADATA_V1_DISABLED"], "ec2_metadata_v1_disabled"),
      endpoint: try metadataEndpoint(), timeout: seconds.map { .seconds(Int64($0)) },
      attempts: try number(
        ["AWS_METADATA_SERVICE_NUM_ATTEMPTS"], "metadata_service_num_attempts", in: 1...100, or: 1))
  }

  /// Returns the configured address, else the one that the mode selects, else the IPv4 address.
  ///
  /// An address takes precedence over a mode, whatever the origin of each.
  ///
  /// - Throws: `SettingsFault` if the address is not a valid URL or the mode is neither `IPv4` nor
  ///   `IPv6`.
  func metadataEndpoint(
    endpoint: Located<Untrusted>? = nil, mode: Located<Untrusted>? = nil
  ) throws(SettingsFault) -> IMDSEndpoint {
    let endpointKey = "ec2_metadata_service_endpoint"
    if let text = endpoint ?? text(["AWS_EC2_METADATA_SERVICE_ENDPOINT"], endpointKey) {
      guard let url = EndpointURL(text.value) else {
        throw text.origin.fault(endpointKey, EndpointURL.demand)
      }
      return IMDSEndpoint(url: url.url, origin: text.origin)
    }
    let modeKey = endpointKey + "_mode"
    guard let text = mode ?? text(["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"], modeKey) else {
      return IMDSEndpoint(url: IMDSEndpoint.ipv4, origin: .builtIn)
    }
    switch text.value.asciiText?.lowercased() {
    case "ipv4": return IMDSEndpoint(url: IMDSEndpoint.ipv4, origin: text.origin)
    case "ipv6": return IMDSEndpoint(url: IMDSEndpoint.ipv6, origin: text.origin)
    default: throw text.origin.fault(modeKey, .detail("neither IPv4 nor IPv6:", text.value))
    }
  }
}
