import Glibc
import Model
import Platform
import TestSupport
import Testing
import Text
import Wire

@testable import HandshakeTUI

@Suite("--log") struct LogFileTests {
  @Test("lines are JSON in ASCII, and the file is readable for its owner only")
  func lines() throws {
    let place = try TemporaryDirectory()
    let path = place.path + "/h.jsonl"
    let log = try LogFile(path: path, clock: ManualTime())
    log.record("start", ["what": "é\u{1B}[2J\nsecond"])
    let bytes = try NamedInput.read(path, Formatter(charset: .utf8))
    #expect(bytes.count { $0 == 0x0A } == 1)
    #expect(bytes.dropLast().allSatisfy { (0x20...0x7E).contains($0) })
    let value = try JSONValue.read(Array(bytes.dropLast()))
    #expect(value["event"]?.string?.asciiText == "start")
    var status = stat()
    #expect(lstat(path, &status) == 0 && status.st_mode & 0o7777 == 0o600)
  }

  @Test("mail addresses are left out, in any text")
  func addresses() throws {
    let place = try TemporaryDirectory()
    let path = place.path + "/h.jsonl"
    let log = try LogFile(path: path, clock: ManualTime())
    log.record("complaint", ["text": "invitation of chef@example.com by 999900001111: held back"])
    let text = String(decoding: try NamedInput.read(path, Formatter(charset: .utf8)), as: UTF8.self)
    #expect(text.contains("invitation of (address) by 999900001111"))
    #expect(!text.contains("example.com"))
  }

  @Test("at its limit it is renamed once")
  func rotation() throws {
    let place = try TemporaryDirectory()
    let path = place.path + "/h.jsonl"
    let log = try LogFile(path: path, clock: ManualTime())
    log.record("first")
    truncate(path, off_t(LogFile.limit))
    let again = try LogFile(path: path, clock: ManualTime())
    again.record("next")
    _ = log
    var status = stat()
    #expect(lstat(path, &status) == 0 && status.st_size < 1_000)
    #expect(lstat(path + ".1", &status) == 0 && status.st_size == off_t(LogFile.limit))
  }

  @Test("it never appends to another kind of file, nor overwrites one when it is renamed")
  func notALog() throws {
    let place = try TemporaryDirectory()
    let path = place.path + "/h.jsonl"
    let folder = try Directory.open(place.path, creating: false, privacy: nil)
    try folder.replace("journal.jsonl", with: Array("{\"seq\":1,\"prev\":\"0\"}\n".utf8))
    let refused = Result { try LogFile(path: place.path + "/journal.jsonl", clock: ManualTime()) }
    guard case .failure(let error as FileError) = refused else {
      Issue.record("the journal was taken for a log")
      return
    }
    #expect(error.cause == .notALog)
    try folder.replace("h.jsonl.1", with: Array("secret".utf8))
    let log = try LogFile(path: path, clock: ManualTime())
    log.record("first")
    truncate(path, off_t(LogFile.limit))
    try LogFile(path: path, clock: ManualTime()).record("next")
    #expect(try folder.contents(of: "h.jsonl.1", limit: 100) == Array("secret".utf8))
  }

  @Test(
    "among the program's own files there is no log",
    arguments: [
      ".local/state/handshake/journal.jsonl", ".local/state/handshake/new.log",
      ".local/share/handshake/organization.sqlite", ".config/handshake/h.log",
    ])
  func ownFiles(_ name: String) async throws {
    let world = try TestWorld()
    for folder in [".local/state", ".local/share", ".config"] {
      try world.file(folder + "/handshake/other", "x")
    }
    let run = await world.run("--log", world.home.path + "/" + name, "list")
    #expect(run.status == 1)
    #expect(run.errors.contains("a log must not be in a directory"), "\(run.errors)")
    #expect(run.output.isEmpty)
  }
}
