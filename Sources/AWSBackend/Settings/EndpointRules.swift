/// AWS's rules for the addresses of the five services: partition, FIPS, dual stack.
struct EndpointRules {
  var region: String?
  var usesFIPS = false
  var usesDualStack = false
  /// Whether STS is asked at its global address from the regions that are older than its regional
  /// ones (`sts_regional_endpoints = legacy`).
  var usesGlobalSTS = false

  /// A combination that has no address.
  enum Fault: String, Error, CaseIterable {
    case fipsWithCustom = "Invalid Configuration: FIPS and custom endpoint are not supported"
    case dualStackWithCustom =
      "Invalid Configuration: Dualstack and custom endpoint are not supported"
    case missingRegion = "Invalid Configuration: Missing Region"
    case neitherFIPSNorDualStack =
      "FIPS and DualStack are enabled, but this partition does not support one or both"
    case noFIPS = "FIPS is enabled but this partition does not support FIPS"
    case noDualStack = "DualStack is enabled but this partition does not support DualStack"
  }

  struct Address: Hashable {
    var host: String
    /// Nil: the region that was asked for.
    var signingRegion: String?
  }

  /// Whether a custom endpoint goes with the other settings.
  func checkCustom() throws(Fault) {
    if usesFIPS { throw .fipsWithCustom }
    if usesDualStack { throw .dualStackWithCustom }
  }

  func address(of service: AWSService) throws(Fault) -> Address {
    guard let region else { throw .missingRegion }
    let partition = Partition.of(region: region)
    if let special = special(service, region, partition) { return special }
    return Address(host: try generic(hostPrefix(service), region, partition))
  }

  /// `<prefix>[-fips].<region>.<suffix>`, which most services and partitions have.
  func generic(
    _ prefix: String, _ region: String, _ partition: Partition
  ) throws(Fault) -> String {
    switch (usesFIPS, usesDualStack) {
    case (true, true):
      guard partition.supportsFIPS, partition.supportsDualStack else {
        throw .neitherFIPSNorDualStack
      }
      return "\(prefix)-fips.\(region).\(partition.dualStackDNSSuffix)"
    case (true, false):
      guard partition.supportsFIPS else { throw .noFIPS }
      return "\(prefix)-fips.\(region).\(partition.dnsSuffix)"
    case (false, true):
      guard partition.supportsDualStack else { throw .noDualStack }
      return "\(prefix).\(region).\(partition.dualStackDNSSuffix)"
    case (false, false):
      return "\(prefix).\(region).\(partition.dnsSuffix)"
    }
  }

  private func hostPrefix(_ service: AWSService) -> String {
    switch service {
    case .organizations: "organizations"
    case .sts: "sts"
    case .sso: "portal.sso"
    case .ssoOIDC: "oidc"
    case .signin: "signin"
    }
  }
}

// MARK: Exceptions from the pattern

extension EndpointRules {
  private func special(
    _ service: AWSService, _ region: String, _ partition: Partition
  ) -> Address? {
    switch service {
    case .organizations: organizations(partition)
    case .sts: sts(region) ?? fipsOfUSGov("sts", region, partition)
    case .sso: fipsOfUSGov("portal.sso", region, partition)
    case .ssoOIDC: fipsOfUSGov("oidc", region, partition)
    case .signin: signin(region, partition)
    }
  }

  /// One address a partition, whatever the region, where AWS says so.
  private func organizations(_ partition: Partition) -> Address? {
    guard !usesDualStack else { return nil }
    let hasPlain = [
      Partition.aws, .china, .usGov, .iso, .isoB, .isoF,
    ].contains { $0.id == partition.id }
    let hasFIPS = partition.id == Partition.aws.id || partition.id == Partition.usGov.id
    guard usesFIPS ? hasFIPS : hasPlain else { return nil }
    // In US Gov, the plain host is the FIPS host.
    let prefix =
      usesFIPS && partition.id != Partition.usGov.id ? "organizations-fips" : "organizations"
    let region = partition.implicitGlobalRegion
    return Address(host: "\(prefix).\(region).\(partition.dnsSuffix)", signingRegion: region)
  }

  /// The regions from which STS had one address before it became regional.
  private static let olderThanRegionalSTS: Set<String> = [
    "ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "aws-global",
    "ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3",
    "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
  ]

  private func sts(_ region: String) -> Address? {
    guard !usesFIPS, !usesDualStack else { return nil }
    let isGlobal =
      region == "aws-global" || (usesGlobalSTS && Self.olderThanRegionalSTS.contains(region))
    return isGlobal ? Address(host: "sts.amazonaws.com", signingRegion: "us-east-1") : nil
  }

  private func fipsOfUSGov(
    _ prefix: String, _ region: String, _ partition: Partition
  ) -> Address? {
    guard usesFIPS, !usesDualStack, partition.id == Partition.usGov.id else { return nil }
    return Address(host: "\(prefix).\(region).amazonaws.com")
  }

  /// Sign-in has domains of its own.
  private func signin(_ region: String, _ partition: Partition) -> Address? {
    guard !usesDualStack else { return nil }
    if usesFIPS {
      guard partition.id == Partition.usGov.id else { return nil }
      let host = "signin-fips.amazonaws-us-gov.com"
      return Address(host: region == "us-gov-west-1" ? host : "\(region).\(host)")
    }
    let suffix: String? =
      switch partition.id {
      case Partition.aws.id: "aws.amazon.com"
      case Partition.china.id: "amazonaws.cn"
      case Partition.usGov.id: "amazonaws-us-gov.com"
      case Partition.iso.id: "c2shome.ic.gov"
      case Partition.isoB.id: "sc2shome.sgov.gov"
      case Partition.isoF.id: "csphome.hci.ic.gov"
      case Partition.isoE.id: "csphome.adc-e.uk"
      case Partition.sovereignEurope.id: "amazonaws-eusc.eu"
      default: nil
      }
    return suffix.map { Address(host: "\(region).signin.\($0)") }
  }
}
