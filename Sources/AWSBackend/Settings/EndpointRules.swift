/// AWS's rules for the addresses of the five services, by partition, FIPS and dual stack.
struct EndpointRules {
  var region: String?
  var usesFIPS = false
  var usesDualStack = false
  /// Whether STS's global address is used in the regions that are older than its regional addresses
  /// (`sts_regional_endpoints = legacy`).
  var usesGlobalSTS = false

  /// A combination of settings without an address.
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
    /// The region for signing; nil for the requested one.
    var signingRegion: String?
  }

  /// Checks that the other settings allow a custom endpoint.
  ///
  /// - Throws: `Fault` if FIPS or dual stack is enabled.
  func checkCustom() throws(Fault) {
    if usesFIPS { throw .fipsWithCustom }
    if usesDualStack { throw .dualStackWithCustom }
  }

  /// Returns the address of a service.
  ///
  /// - Throws: `Fault` if there is no region, or the partition lacks the FIPS or dual-stack
  ///   addresses that are enabled.
  func address(of service: AWSService) throws(Fault) -> Address {
    guard let region else { throw .missingRegion }
    let partition = Partition.of(region: region)
    if let special = special(service, region, partition) { return special }
    return Address(host: try generic(hostPrefix(service), region, partition))
  }

  /// Returns `<prefix>[-fips].<region>.<suffix>`, the host of most services and partitions.
  ///
  /// - Throws: `Fault` if the partition lacks the FIPS or dual-stack addresses that are enabled.
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

  /// Returns the one address of a partition, for all its regions, where AWS has one.
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

  /// The regions that used STS's one global address before STS became regional.
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

  /// Returns the address of sign-in, which has its own domains.
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
