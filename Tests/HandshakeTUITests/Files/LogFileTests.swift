import Glibc
import TestSupport
import Testing
import Text
import Wire

@testable import HandshakeTUI

@Suite("--log") struct LogFileTests {
  @Test("lines are JSON in ASCII, and the file is its owner's alone")
  func lines() throws {
    let place = try TemporaryDirectory()
    let path = place.path + "/h.jsonl"
    let log = try LogFile(path: path, clock: ManualTime())
    log.record("start", ["what": "é\u{1B}[2J\nsecond"])
    let bytes = try NamedInput.read(path, Ink(charset: .utf8))
    #expect(bytes.count { $0 == 0x0A } == 1)
    #expect(bytes.dropLast().allSatisfy { (0x20...0x7E).contains($0) })
    let value = try JSONValue.read(Array(bytes.dropLast()))
    #expect(value["event"]?.string?.asciiText == "start")
    var status = stat()
    #expect(lstat(path, &status) == 0 && status.st_mode & 0o7777 == 0o600)
  }

  @Test("mail addresses are left out, whoever's sentence they stand in")
  func addresses() throws {
    let place = try TemporaryDirectory()
    let path = place.path + "/h.jsonl"
    let log = try LogFile(path: path, clock: ManualTime())
    log.record("complaint", ["text": "invitation of chef@example.com by 999900001111: held back"])
    let text = String(decoding: try NamedInput.read(path, Ink(charset: .utf8)), as: UTF8.self)
    #expect(text.contains("invitation of (address) by 999900001111"))
    #expect(!text.contains("example.com"))
  }

  @Test("at its limit it is set aside once")
  func rotation() throws {
    let place = try TemporaryDirectory()
    let path = place.path + "/h.jsonl"
    let log = try LogFile(path: path, clock: ManualTime())
    truncate(path, off_t(LogFile.limit))
    let again = try LogFile(path: path, clock: ManualTime())
    again.record("next")
    _ = log
    var status = stat()
    #expect(lstat(path, &status) == 0 && status.st_size < 1_000)
    #expect(lstat(path + ".1", &status) == 0 && status.st_size == off_t(LogFile.limit))
  }
}
