import Model
import Platform
import Signing
import TestSupport
import Text

@testable import AWSBackend

/// A home directory with two files in it, and an environment.
struct SettingsWorld {
  static let home = "/home/operator"

  var config = ""
  var credentials = ""
  var environment: [String: String] = [:]

  func profiles() throws(SettingsFault) -> ProfileSet {
    try ProfileSet.read(
      config: Array(config.utf8), credentials: Array(credentials.utf8), environment: environment,
      home: Self.home)
  }

  func settings(_ options: AWSOptions = AWSOptions()) throws(SettingsFault) -> AWSSettings {
    try AWSSettings(
      try profiles(), environment: environment, home: Self.home, options)
  }

  func fault(_ options: AWSOptions = AWSOptions()) -> SettingsFault? {
    do {
      _ = try settings(options)
      return nil
    } catch {
      return error
    }
  }

  /// A world whose files have these contents and which can do nothing else.
  var world: AWSWorld {
    AWSWorld(
      environment: environment, home: Self.home,
      files: FilesOfTexts([
        Self.home + "/.aws/config": Array(config.utf8),
        Self.home + "/.aws/credentials": Array(credentials.utf8),
      ]),
      transport: NoOutside(), processes: NoOutside(), dialogue: NoDialogue(), time: ManualTime(),
      random: SeededBytes())
  }
}

struct FilesOfTexts: AWSFiles {
  var texts: [String: [UInt8]]
  var unreadable: Set<String> = []
  var noFiles: Set<String> = []

  init(_ texts: [String: [UInt8]], noFiles: Set<String> = []) {
    self.texts = texts
    self.noFiles = noFiles
  }

  func readJudged(_ path: String) throws(AWSFileFault) -> JudgedFile? {
    if noFiles.contains(path) {
      throw AWSFileFault(path: path, detail: "not a regular file", isNoFile: true)
    }
    if unreadable.contains(path) { throw AWSFileFault(path: path, detail: "permission denied") }
    return texts[path].map { JudgedFile(bytes: $0, doubt: nil) }
  }

  func judge(_ path: String) -> PathDoubt? { nil }

  func replace(_ path: String, with bytes: [UInt8]) throws(AWSFileFault) {
    throw AWSFileFault(path: path, detail: "read-only here")
  }
}

/// Reading settings must not ask or run anything.
struct NoOutside: HTTPTransport, ProcessRunner {
  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    throw HTTPFailure(.forbidden, sent: false, detail: Untrusted("settings ask nobody"))
  }

  func run(
    _ arguments: [String], environment: [String: String], limit: Span, loan: TerminalLoan
  ) async throws(ProcessFault) -> Secret {
    throw ProcessFault(.notStarted, detail: Untrusted("settings run nothing"))
  }
}

extension Untrusted {
  /// The value unredacted, for comparisons in tests.
  var plain: String { String(decoding: bytes, as: UTF8.self) }
}
