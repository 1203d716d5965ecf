import Text

/// The service that is talked to.
///
/// Handshakes of one id at two places are two handshakes.
public struct ServicePlace: Hashable, Sendable {
  /// The kind of service.
  public var backend: Backend
  /// The store's absolute path, or the endpoint's address.
  public var address: Untrusted
  /// The AWS partition: `aws`, `aws-cn` and others.
  public var partition: String

  /// Creates a place; an endpoint's address loses the dot that may end its host name.
  public init(_ backend: Backend, at address: Untrusted, partition: String = "aws") {
    self.backend = backend
    self.address = backend == .aws ? Self.withoutDot(address) : address
    self.partition = partition
  }

  /// Returns the address without the dot that may end a fully qualified host name.
  ///
  /// It is the same host. A journal that was written before may have the dot.
  private static func withoutDot(_ address: Untrusted) -> Untrusted {
    let bytes = address.bytes
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
      bytes[colon...].starts(with: "://".utf8)
    else { return address }
    let host = bytes[(colon + 3)...]
    let end =
      host.firstIndex { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/") } ?? host.endIndex
    guard end > host.startIndex, bytes[end - 1] == UInt8(ascii: ".") else { return address }
    return Untrusted(bytes: bytes[..<(end - 1)] + bytes[end...])
  }

  /// The kind of service: the embedded organization or AWS.
  public enum Backend: String, Hashable, CaseIterable, Sendable {
    case local
    case aws
  }
}
