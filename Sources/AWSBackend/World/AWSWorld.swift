import Model
import Platform
import Signing
import Text

/// The dependencies of the AWS backend; all its input and output passes through them.
public struct AWSWorld: Sendable {
  /// The environment variables of the program.
  public var environment: [String: String]
  /// The absolute path of the home directory, for `~`.
  public var home: String
  /// The AWS CLI's files.
  public var files: any AWSFiles
  /// The transport of all HTTP requests.
  public var transport: any HTTPTransport
  /// The runner of `credential_process` programs.
  public var processes: any ProcessRunner
  /// The dialogue that asks the person for codes, logins and the terminal.
  public var dialogue: any LoginDialogue
  /// The clocks.
  public var time: any TimeSource
  /// The source of random numbers, for retries and request ids.
  public var random: any RandomSource
  /// The waits between retries and for the pace.
  public var sleeper: any Sleeper
  /// The function that is called before a file is used that other users can change.
  public var tell: @Sendable (DoubtfulFile) -> Void

  /// Creates the dependencies; `tell` does nothing by default.
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

  /// Reads a file, and reports it through `tell` if other users can change it; nil if it is
  /// missing.
  ///
  /// - Throws: `AWSFileFault` if the file cannot be read.
  func read(_ path: String) throws(AWSFileFault) -> JudgedFile? {
    let file = try files.readJudged(path)
    if let doubt = file?.doubt { tell(DoubtfulFile(path: path, doubt: doubt)) }
    return file
  }
}

// The environment holds keys: none of it is shown by accident.
extension AWSWorld: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// A fixed text without any value.
  public var description: String { "‹world›" }
  /// A fixed text without any value.
  public var debugDescription: String { description }
  /// A mirror without children.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// The access to the files of the AWS CLI and SDKs, replaceable by tests.
public protocol AWSFiles: Sendable {
  /// Reads a whole file, at most 16 MiB, and checks who else can change it; nil if it is missing.
  ///
  /// Both are done on one open file: no other file can replace it between the check and the
  /// reading.
  ///
  /// - Throws: `AWSFileFault` if the file cannot be read, is not a regular file, or is too large.
  func readJudged(_ path: String) throws(AWSFileFault) -> JudgedFile?
  /// Returns the doubt about a file that other users can change, without reading it; nil if nobody
  /// else can, or it is missing.
  func judge(_ path: String) -> PathDoubt?
  /// Replaces a file in one step (mode 0600, in a directory created with 0700 if missing), and
  /// syncs it.
  ///
  /// - Throws: `AWSFileFault` if the file or its directory cannot be written.
  func replace(_ path: String, with bytes: [UInt8]) throws(AWSFileFault)
}

extension AWSFiles {
  /// Reads a whole file whose content needs no trust; nil if it is missing.
  ///
  /// - Throws: `AWSFileFault` if the file cannot be read, is not a regular file, or is too large.
  public func read(_ path: String) throws(AWSFileFault) -> [UInt8]? { try readJudged(path)?.bytes }
}

/// The content of a file, with the doubt if users other than this one and root can change it.
public struct JudgedFile: Sendable {
  /// The whole content.
  public var bytes: [UInt8]
  /// The doubt; nil if nobody else can change the file.
  public var doubt: PathDoubt?

  /// Creates a content with its doubt.
  public init(bytes: [UInt8], doubt: PathDoubt?) {
    self.bytes = bytes
    self.doubt = doubt
  }
}

/// A file that is used although other users can change it.
public struct DoubtfulFile: Hashable, Sendable {
  /// The path as the settings name it.
  public var path: String
  /// The owner or mode that lets other users change it.
  public var doubt: PathDoubt

  /// Creates a report about the file at `path`.
  public init(path: String, doubt: PathDoubt) {
    self.path = path
    self.doubt = doubt
  }
}

extension PathDoubt {
  /// The doubt in words: `other users can write to /home/x/.aws (mode 777)`.
  ///
  /// To be sanitised.
  public var words: Untrusted {
    switch kind {
    case .owner(let user): Untrusted("\(path) belongs to another user (uid \(user))")
    case .mode(let mode):
      Untrusted("other users can write to \(path) (mode \(String(mode, radix: 8)))")
    }
  }

  /// The remedy in words: a `chown` or `chmod`.
  ///
  /// To be sanitised.
  public var remedy: Untrusted {
    switch kind {
    case .owner: Untrusted("chown \(path) to yourself, or use a copy in a directory of your own")
    case .mode: Untrusted("chmod go-w \(path)")
    }
  }
}

/// The error for a file that exists and cannot be used.
public struct AWSFileFault: Error, Hashable, Sendable {
  /// The file's path, or its folder's if that is the cause.
  public var path: String
  /// The system's message, such as `Permission denied`.
  public var detail: String
  /// Whether it is not a regular file but a folder, a pipe, a socket or a device.
  public var isNoFile: Bool

  /// Creates an error; by default it is about a regular file.
  public init(path: String, detail: String, isNoFile: Bool = false) {
    self.path = path
    self.detail = detail
    self.isNoFile = isNoFile
  }
}

/// A runner of `credential_process` programs, without a shell.
///
/// The program's process group is killed at the time limit. Unless the terminal is lent, standard
/// input is empty.
public protocol ProcessRunner: Sendable {
  /// Runs a program and returns its standard output.
  ///
  /// `arguments` begins with the program's name or absolute path.
  ///
  /// - Throws: `ProcessFault` if the program cannot be started, fails, exceeds `limit`, or writes
  ///   too much.
  func run(
    _ arguments: [String], environment: [String: String], limit: Span, loan: TerminalLoan
  ) async throws(ProcessFault) -> Secret
}

/// The failure of a program; it never contains its standard output.
public struct ProcessFault: Error, Hashable, Sendable {
  /// The kind of failure.
  public var kind: Kind
  /// The first line of standard error without secrets, or a description of the failure.
  public var detail: Untrusted

  /// Creates a failure.
  public init(_ kind: Kind, detail: Untrusted) {
    self.kind = kind
    self.detail = detail
  }

  /// The kinds of failures.
  public enum Kind: String, Hashable, CaseIterable, Sendable {
    case notStarted
    case failed
    case timedOut
    case tooMuchOutput
  }
}
