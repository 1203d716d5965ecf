import Text

/// Which service is talked to: two handshakes of one id in two places are two handshakes.
public struct ServicePlace: Hashable, Sendable {
  public var backend: Backend
  /// The store's absolute path, or the endpoint's address.
  public var address: Untrusted
  /// `aws`, `aws-cn`, …
  public var partition: String

  public init(_ backend: Backend, at address: Untrusted, partition: String = "aws") {
    self.backend = backend
    self.address = address
    self.partition = partition
  }

  public enum Backend: String, Hashable, CaseIterable, Sendable {
    case local
    case aws
  }
}
