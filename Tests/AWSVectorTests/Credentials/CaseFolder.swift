import AWSBackend
import Foundation
import Model
import Platform
import Signing
import TestSupport
import Text
import Wire

/// A case of the SDK for Rust: an environment, a file system, recorded traffic and a result.
struct CaseFolder {
  static let root = "credentials/smithy-rs/test-data/"

  let name: String
  let expected: JSONValue
  let transport: ReplayTransport
  let world: AWSWorld

  static func names(_ suite: String) throws -> [String] {
    try SharedFolder.names(in: "vectors/" + root + suite)
  }

  init(
    _ suite: String, _ name: String, rewritten: Set<String> = [], adding: [String: String] = [:]
  ) throws {
    let path = Self.root + suite + "/" + name + "/"
    self.name = name
    expected = try VectorFile.read(path + "test-case.json")["result"] ?? .null
    transport = ReplayTransport(
      try Traffic(try VectorFile.read(path + "http-traffic.json")), rewritten: rewritten)
    let environment = try VectorFile.read(path + "env.json").texts.merging(adding) { $1 }
    let time = ManualTime()
    world = AWSWorld(
      environment: environment, home: environment["HOME"] ?? "/home",
      files: CaseFiles(root: SharedFolder.url.path + "/vectors/" + path + "fs"),
      transport: transport, processes: NoPrograms(), dialogue: NoDialogue(), time: time,
      random: SeededBytes(), sleeper: ManualSleeper(time))
  }
}

/// The files below a case's `fs`, read only.
struct CaseFiles: AWSFiles {
  let root: String

  func readJudged(_ path: String) throws(AWSFileFault) -> JudgedFile? {
    FileManager.default.contents(atPath: root + path)
      .map { JudgedFile(bytes: Array($0), doubt: nil) }
  }

  func judge(_ path: String) -> PathDoubt? { nil }

  func replace(_ path: String, with bytes: [UInt8]) throws(AWSFileFault) {
    throw AWSFileFault(path: path, detail: "read-only here")
  }
}

struct NoPrograms: ProcessRunner {
  func run(
    _ arguments: [String], environment: [String: String], limit: Span, loan: TerminalLoan
  ) async throws(ProcessFault) -> Secret {
    throw ProcessFault(.notStarted, detail: Untrusted("no case runs a program"))
  }
}
