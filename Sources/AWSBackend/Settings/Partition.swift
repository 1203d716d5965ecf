import Text

/// A part of AWS with its own accounts, regions and addresses.
public struct Partition: Hashable, Sendable {
  /// The partition's name, as in ARNs: `aws`, `aws-cn`, `aws-us-gov`.
  public let id: String
  /// The domain of service endpoints.
  public let dnsSuffix: String
  /// The domain of dual-stack service endpoints.
  public let dualStackDNSSuffix: String
  /// The region that services without regions are signed for.
  public let implicitGlobalRegion: String
  /// Whether the partition has FIPS endpoints.
  public let supportsFIPS: Bool
  /// Whether the partition has dual-stack endpoints.
  public let supportsDualStack: Bool
  /// The names of the partition's known regions.
  let regions: Set<String>
  /// The beginnings of the partition's region names, without the last two parts.
  let prefixes: [String]

  /// Returns the partition that lists the region, else the one whose pattern it matches, else
  /// `aws`.
  public static func of(region: String) -> Partition {
    known(region: region) ?? aws
  }

  /// Returns the partition of a region; nil if no partition lists it and it matches no pattern.
  public static func known(region: String) -> Partition? {
    all.first { $0.regions.contains(region) } ?? all.first { $0.matches(region) }
  }

  /// Returns whether the region has the form `<prefix>-<word>-<digits>`.
  func matches(_ region: String) -> Bool {
    let bytes = Array(region.utf8)
    return prefixes.contains { prefix in
      guard bytes.starts(with: prefix.utf8) else { return false }
      let rest = bytes[prefix.utf8.count...]
      guard rest.first == UInt8(ascii: "-") else { return false }
      let parts = rest.dropFirst().split(
        separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
      return parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
        && parts[0].allSatisfy(Self.isWordByte)
        && parts[1].allSatisfy { $0.isASCIIDigit }
    }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    byte.isASCIIAlphanumeric || byte == UInt8(ascii: "_")
  }
}

extension Partition {
  /// All partitions that this program knows.
  public static let all = [
    aws, china, sovereignEurope, iso, isoB, isoE, isoF, usGov,
  ]

  static let aws = Partition(
    id: "aws", dnsSuffix: "amazonaws.com", dualStackDNSSuffix: "api.aws",
    implicitGlobalRegion: "us-east-1", supportsFIPS: true,
    supportsDualStack: true,
    regions: [
      "af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3",
      "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3",
      "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "aws-global",
      "ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1",
      "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1",
      "me-south-1", "mx-central-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
    ],
    prefixes: ["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"])

  static let china = Partition(
    id: "aws-cn", dnsSuffix: "amazonaws.com.cn", dualStackDNSSuffix: "api.amazonwebservices.com.cn",
    implicitGlobalRegion: "cn-northwest-1", supportsFIPS: true,
    supportsDualStack: true,
    regions: [
      "aws-cn-global", "cn-north-1", "cn-northwest-1",
    ],
    prefixes: ["cn"])

  static let sovereignEurope = Partition(
    id: "aws-eusc", dnsSuffix: "amazonaws.eu", dualStackDNSSuffix: "api.amazonwebservices.eu",
    implicitGlobalRegion: "eusc-de-east-1", supportsFIPS: true,
    supportsDualStack: true,
    regions: [
      "eusc-de-east-1"
    ],
    prefixes: ["eusc-de"])

  static let iso = Partition(
    id: "aws-iso", dnsSuffix: "c2s.ic.gov", dualStackDNSSuffix: "api.aws.ic.gov",
    implicitGlobalRegion: "us-iso-east-1", supportsFIPS: true,
    supportsDualStack: true,
    regions: [
      "aws-iso-global", "us-iso-east-1", "us-iso-west-1",
    ],
    prefixes: ["us-iso"])

  static let isoB = Partition(
    id: "aws-iso-b", dnsSuffix: "sc2s.sgov.gov", dualStackDNSSuffix: "api.aws.scloud",
    implicitGlobalRegion: "us-isob-east-1", supportsFIPS: true,
    supportsDualStack: true,
    regions: [
      "aws-iso-b-global", "us-isob-east-1", "us-isob-west-1",
    ],
    prefixes: ["us-isob"])

  static let isoE = Partition(
    id: "aws-iso-e", dnsSuffix: "cloud.adc-e.uk", dualStackDNSSuffix: "api.cloud-aws.adc-e.uk",
    implicitGlobalRegion: "eu-isoe-west-1", supportsFIPS: true,
    supportsDualStack: true,
    regions: [
      "aws-iso-e-global", "eu-isoe-west-1",
    ],
    prefixes: ["eu-isoe"])

  static let isoF = Partition(
    id: "aws-iso-f", dnsSuffix: "csp.hci.ic.gov", dualStackDNSSuffix: "api.aws.hci.ic.gov",
    implicitGlobalRegion: "us-isof-south-1", supportsFIPS: true,
    supportsDualStack: true,
    regions: [
      "aws-iso-f-global", "us-isof-east-1", "us-isof-south-1",
    ],
    prefixes: ["us-isof"])

  static let usGov = Partition(
    id: "aws-us-gov", dnsSuffix: "amazonaws.com", dualStackDNSSuffix: "api.aws",
    implicitGlobalRegion: "us-gov-west-1", supportsFIPS: true,
    supportsDualStack: true,
    regions: [
      "aws-us-gov-global", "us-gov-east-1", "us-gov-west-1",
    ],
    prefixes: ["us-gov"])

}
