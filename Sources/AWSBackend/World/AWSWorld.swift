import Model

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
