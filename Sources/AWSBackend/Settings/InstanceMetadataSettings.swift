import Model
import Text

/// How the metadata service of an EC2 instance is asked.
public struct InstanceMetadataSettings: Hashable, Sendable {
  public var isDisabled: Located<Bool>
  /// Whether version 1, which wants no token, is never asked.
  public var isVersion1Disabled: Located<Bool>
  public var endpoint: IMDSEndpoint
  /// Of the connection, and of each answer.
  public var timeout: Located<Span>
  /// In all; at least 1.
  public var attempts: Located<Int>
}

/// The address of the instance metadata service.
public struct IMDSEndpoint: Hashable, Sendable {
  /// Without a slash at the end.
  public var url: String
  public var origin: Origin

  public static let ipv4 = "http://169.254.169.254"
  public static let ipv6 = "http://[fd00:ec2::254]"
}

extension SettingsLookup {
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

  /// An address goes before a mode, wherever each was said.
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
