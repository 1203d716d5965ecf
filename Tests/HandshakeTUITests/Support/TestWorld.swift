import Foundation
import Glibc
import Model
import Platform
import Synchronization
import TestSupport
import Text

@testable import HandshakeTUI

/// Standard streams in memory.
final class MemoryConsole: Console {
  let isUTF8: Bool
  let columns: Int?
  private let terminals: Set<StandardStream>
  private let input: [UInt8]
  private let taken = Mutex(0)
  private let written = Mutex<[StandardStream: [UInt8]]>([:])

  init(
    terminals: Set<StandardStream> = [], input: [UInt8] = [], isUTF8: Bool = true,
    columns: Int? = 80
  ) {
    self.terminals = terminals
    self.input = input
    self.isUTF8 = isUTF8
    self.columns = columns
  }

  func isTerminal(_ stream: StandardStream) -> Bool { terminals.contains(stream) }
  func readInput() -> [UInt8] { input }

  func readLine(limit: Int) -> [UInt8]? {
    taken.withLock { taken in
      guard taken < input.count else { return nil }
      let line = input[taken...].prefix { $0 != UInt8(ascii: "\n") }
      taken = line.endIndex + 1
      return Array(line.prefix(limit))
    }
  }

  func write(_ bytes: [UInt8], to stream: StandardStream) {
    written.withLock { $0[stream, default: []] += bytes }
  }

  func text(_ stream: StandardStream) -> String {
    String(decoding: written.withLock { $0[stream] ?? [] }, as: UTF8.self)
  }
}

/// A home directory of one test, and the program run in it.
struct TestWorld {
  let home: TemporaryDirectory
  let time = ManualTime()
  var environment: [String: String]
  var settings = SettingRow.all

  init() throws {
    home = try TemporaryDirectory()
    // No test asks its machine for credentials.
    environment = [
      "HOME": home.path, "USER": "tester", "AWS_EC2_METADATA_DISABLED": "true",
    ]
  }

  struct Run {
    var status: Int32
    var output: String
    var errors: String
  }

  func run(
    _ arguments: String..., terminals: Set<StandardStream> = [], input: String = "",
    isUTF8: Bool = true
  ) async -> Run {
    await run(arguments, terminals: terminals, input: input, isUTF8: isUTF8)
  }

  /// On a separate thread: commands wait for asynchronous work, which needs the pool's threads.
  func run(
    _ arguments: [String], terminals: Set<StandardStream> = [], input: String = "",
    isUTF8: Bool = true
  ) async -> Run {
    let console = MemoryConsole(terminals: terminals, input: Array(input.utf8), isUTF8: isUTF8)
    var dependencies = Dependencies(
      environment: environment, console: console, time: time, random: SeededBytes())
    dependencies.settings = settings
    let program = Program(dependencies: dependencies)
    let status = await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: program.run(arguments)) }
    }
    return Run(status: status, output: console.text(.output), errors: console.text(.errors))
  }

  /// Writes a file below the home directory, creating its directories; returns its path.
  @discardableResult
  func file(_ name: String, _ text: String, mode: mode_t = 0o600) throws -> String {
    let path = home.path + "/" + name
    let (directory, last) = path.splitAtLastSlash
    let opened = try Directory.open(directory, creating: true, privacy: nil)
    try opened.replace(last, with: Array(text.utf8))
    chmod(path, mode)
    return path
  }

  func text(of name: String) throws -> String {
    let bytes = try NamedInput.read(home.path + "/" + name, Formatter(charset: .utf8))
    return String(decoding: bytes, as: UTF8.self)
  }
}
