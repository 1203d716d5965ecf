import Glibc

/// The rule for the servers that may be contacted: any with https, and without TLS only this
/// machine and the addresses at which an instance or a container gets its own credentials
/// (SEC-5.1).
enum HostRule {
  /// Returns whether a server may be contacted.
  ///
  /// `scheme` is in lower case; `host` is a name, or an address in its normal form (IPv6 in
  /// brackets).
  static func permits(scheme: String, host: String) -> Bool {
    switch scheme {
    case "https": true
    case "http": isNear(host)
    default: false
    }
  }

  private static func isNear(_ host: String) -> Bool {
    // The library never sends this name to a name server.
    if host == "localhost" { return true }
    if host.utf8.first == UInt8(ascii: "[") {
      return IPAddress(host.dropFirst().dropLast()).map { near.contains($0) } ?? false
    }
    guard let address = IPAddress(host[...]) else { return false }
    return near.contains(address) || address.bytes.count == 4 && address.bytes[0] == 127
  }

  private static let near = Set(
    ["::1", "169.254.170.2", "169.254.170.23", "169.254.169.254", "fd00:ec2::254", "fd00:ec2::23"]
      .compactMap { IPAddress($0) })
}

/// An IPv4 or IPv6 address, as 4 or 16 bytes.
struct IPAddress: Hashable {
  let bytes: [UInt8]

  init?(_ text: Substring) {
    let text = String(text)
    var four = in_addr()
    var sixteen = in6_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
      bytes = withUnsafeBytes(of: four) { Array($0) }
    } else if inet_pton(AF_INET6, text, &sixteen) == 1 {
      bytes = withUnsafeBytes(of: sixteen) { Array($0) }
    } else {
      return nil
    }
  }

  /// Returns whether the first `count` bits equal those of `other`, an address of the same kind.
  func shares(_ count: Int, with other: IPAddress) -> Bool {
    guard bytes.count == other.bytes.count, (0...bytes.count * 8).contains(count) else {
      return false
    }
    return (0..<count).allSatisfy { bit in
      (bytes[bit / 8] ^ other.bytes[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0
    }
  }
}
