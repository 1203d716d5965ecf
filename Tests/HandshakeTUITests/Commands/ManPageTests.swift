import Glibc
import TestSupport
import Testing

@testable import HandshakeTUI

@Suite("The man page") struct ManPageTests {
  @Test("has the sections of man-pages(7), in their order, and a date")
  func sections() throws {
    let lines = ManPage.text().split(separator: "\n")
    #expect(lines.first?.hasPrefix(".TH HANDSHAKE 1 \"20") == true)
    #expect(
      lines.filter { $0.hasPrefix(".SH ") }.map { String($0.dropFirst(4)) } == [
        "NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "OPTIONS", "KEYS OF THE SCREENS",
        "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES", "SEE ALSO",
      ])
  }

  @Test("is ASCII, which every device can print")
  func ascii() throws {
    let text = ManPage.text()
    #expect(text.utf8.allSatisfy { $0 == 0x0A || (0x20...0x7E).contains($0) })
    #expect(!text.contains("\\[u"))
  }

  @Test(
    "has no fault for mandoc",
    .enabled(if: access("/usr/bin/mandoc", X_OK) == 0, "mandoc is not installed"))
  func mandoc() throws { try lint(["/usr/bin/mandoc", "-Tlint"]) }

  @Test(
    "has no fault for groff",
    .enabled(if: access("/usr/bin/groff", X_OK) == 0, "groff is not installed"),
    arguments: ["-Tascii", "-Tutf8"])
  func groff(_ device: String) throws {
    try lint(["/usr/bin/groff", "-ww", "-z", "-man", device])
  }

  private func lint(_ command: [String]) throws {
    let folder = try TemporaryDirectory()
    let path = folder.path + "/handshake.1"
    let text = Array(ManPage.text().utf8)
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    try #require(file >= 0 && write(file, text, text.count) == text.count)
    close(file)
    let ending = try Spawned.run(
      command + [path], environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C"])
    // Suggestions to fill a line better are not faults.
    let found = (ending.output + ending.errors).split(separator: "\n").filter {
      !$0.contains("adjust")
    }
    #expect(found.isEmpty, "\(found.prefix(5))")
  }

  @Test("the options that stand alone have a sentence of their own")
  func standingAlone() throws {
    let text = ManPage.text()
    let everywhere = try #require(text.firstRange(of: "Every command takes these"))
    let alone = try #require(text.firstRange(of: "These stand alone, without a command."))
    let version = try #require(text.firstRange(of: "\\-\\-version"))
    #expect(everywhere.upperBound < alone.lowerBound)
    #expect(alone.upperBound < version.lowerBound)
    #expect(try #require(text.firstRange(of: "\\-\\-plain")).upperBound < alone.lowerBound)
  }
}
