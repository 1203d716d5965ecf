/// The files that the AWS CLI and SDKs keep, so that a test can make others.
public protocol AWSFiles: Sendable {
  /// The whole file; nil when there is none. At most 16 MiB.
  func read(_ path: String) throws(AWSFileFault) -> [UInt8]?
  /// Replaces a file in one step (0600, in a directory made 0700 if missing), synced.
  func replace(_ path: String, with bytes: [UInt8]) throws(AWSFileFault)
  /// Whether others may change the file, or put another in its place: no program is run that stands
  /// in such a one.
  func isOpenToWriting(_ path: String) -> Bool
}

extension AWSFiles {
  public func isOpenToWriting(_ path: String) -> Bool { false }
}

/// A file that is there and cannot be used.
public struct AWSFileFault: Error, Hashable, Sendable {
  public var path: String
  /// The system's word: `permission denied`.
  public var detail: String

  public init(path: String, detail: String) {
    self.path = path
    self.detail = detail
  }
}
