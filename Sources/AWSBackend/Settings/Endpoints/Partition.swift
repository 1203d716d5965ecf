/// A part of AWS with accounts, regions and addresses of its own.
public struct Partition: Hashable, Sendable {
  public let id: String
  public let dnsSuffix: String
  public let dualStackDNSSuffix: String
  public let implicitGlobalRegion: String
  public let supportsFIPS: Bool
  public let supportsDualStack: Bool
  /// The names that regions of the partition are known to have.
  let regions: Set<String>
  /// What region names of the partition begin with, up to the two last parts.
  let prefixes: [String]

  /// The partition of a region: where it is listed, else whose pattern it matches, else `aws`.
  public static func of(region: String) -> Partition {
    known(region: region) ?? aws
  }

  /// Nil for a region that is in no list and matches no pattern.
  public static func known(region: String) -> Partition? {
    all.first { $0.regions.contains(region) } ?? all.first { $0.matches(region) }
  }

  /// `<prefix>-<word>-<digits>`.
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
        && parts[1].allSatisfy { (0x30...0x39).contains($0) }
    }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
