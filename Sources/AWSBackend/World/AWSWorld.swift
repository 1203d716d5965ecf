import Machine
import Model
import Signing
import Text

/// The world around the AWS backend. Everything it learns or does comes through here.
public struct AWSWorld: Sendable {
  public var environment: [String: String]
  /// Absolute; for `~`.
  public var home: String
  public var files: any AWSFiles
  public var transport: any HTTPTransport
  public var processes: any ProcessRunner
  public var dialogue: any LoginDialogue
  public var time: any TimeSource
  public var random: any RandomSource
  public var sleeper: any Sleeper
  /// Called before a file is used that others may change.
  public var tell: @Sendable (DoubtfulFile) -> Void

  public init(
    environment: [String: String], home: String, files: any AWSFiles,
    transport: any HTTPTransport, processes: any ProcessRunner, dialogue: any LoginDialogue,
    time: any TimeSource, random: any RandomSource,
    sleeper: any Sleeper = TaskSleeper(),
    tell: @escaping @Sendable (DoubtfulFile) -> Void = { _ in }
  ) {
    self.environment = environment
    self.home = home
    self.files = files
    self.transport = transport
    self.processes = processes
    self.dialogue = dialogue
    self.time = time
    self.random = random
    self.sleeper = sleeper
    self.tell = tell
  }

  /// Reads a file, and tells of it when others may change it.
  func read(_ path: String) throws(AWSFileFault) -> JudgedFile? {
    let file = try files.readJudged(path)
    if let doubt = file?.doubt { tell(DoubtfulFile(path: path, doubt: doubt)) }
    return file
  }
}

// The environment holds keys: nothing of it is shown by accident.
extension AWSWorld: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "‹world›" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

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

/// Runs a `credential_process`: no shell, its group killed at the limit. Without a loan of the terminal,
/// standard input is empty.
public protocol ProcessRunner: Sendable {
  func run(
    _ arguments: [String], environment: [String: String], limit: Span, loan: TerminalLoan
  ) async throws(ProcessFault) -> Secret
}

/// A program that did not end well. Its standard output is never part of it.
public struct ProcessFault: Error, Hashable, Sendable {
  public var kind: Kind
  /// The first line of standard error, or the system's word.
  public var detail: Untrusted

  public init(_ kind: Kind, detail: Untrusted) {
    self.kind = kind
    self.detail = detail
  }

  public enum Kind: String, Hashable, CaseIterable, Sendable {
    case notStarted
    case failed
    case timedOut
    case tooMuchOutput
  }
}
