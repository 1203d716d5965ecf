import Machine
import Text

/// The files that the AWS CLI and SDKs keep, so that a test can make others.
public protocol AWSFiles: Sendable {
  /// Reads a whole file, at most 16 MiB, and tells who else may change it; nil when it is missing. Both are
  /// of one opened file: no other can be put in its place between the look and the reading.
  func readJudged(_ path: String) throws(AWSFileFault) -> JudgedFile?
  /// The other users who may change a file, without reading it; nil when nobody may, or the file is missing.
  func judge(_ path: String) -> PathDoubt?
  /// Replaces a file in one step (0600, in a directory made 0700 if missing), synced.
  func replace(_ path: String, with bytes: [UInt8]) throws(AWSFileFault)
}

extension AWSFiles {
  /// Reads a whole file on which no decision about trust rests; nil when it is missing.
  public func read(_ path: String) throws(AWSFileFault) -> [UInt8]? { try readJudged(path)?.bytes }
}

/// What a file says, and who else than this user and root decides it.
public struct JudgedFile: Sendable {
  public var bytes: [UInt8]
  /// Nil: nobody.
  public var doubt: PathDoubt?

  public init(bytes: [UInt8], doubt: PathDoubt?) {
    self.bytes = bytes
    self.doubt = doubt
  }
}

/// A file that is used although others may change what it says.
public struct DoubtfulFile: Hashable, Sendable {
  /// As it is named in the settings.
  public var path: String
  public var doubt: PathDoubt

  public init(path: String, doubt: PathDoubt) {
    self.path = path
    self.doubt = doubt
  }
}

extension PathDoubt {
  /// `/home/x/.aws may be written to by others (mode 777)`. To be sanitised.
  public var words: Untrusted {
    switch kind {
    case .owner(let user): Untrusted("\(path) belongs to another user (uid \(user))")
    case .mode(let mode):
      Untrusted("other users can write to \(path) (mode \(String(mode, radix: 8)))")
    }
  }

  /// What mends it. To be sanitised.
  public var remedy: Untrusted {
    switch kind {
    case .owner: Untrusted("chown \(path) to yourself, or use a copy in a directory of your own")
    case .mode: Untrusted("chmod go-w \(path)")
    }
  }
}

/// A file that is there and cannot be used.
public struct AWSFileFault: Error, Hashable, Sendable {
  public var path: String
  /// The system's word: `permission denied`.
  public var detail: String
  /// Whether what is there is no file at all: a folder, a pipe, a socket, a device.
  public var isNoFile: Bool

  public init(path: String, detail: String, isNoFile: Bool = false) {
    self.path = path
    self.detail = detail
    self.isNoFile = isNoFile
  }
}
