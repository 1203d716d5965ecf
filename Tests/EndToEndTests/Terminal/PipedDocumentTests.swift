import Glibc
import TestSupport
import Testing

@Suite("The screens over a document from a pipe", .serialized)
struct PipedDocumentTests {
  /// Starts a shell that pipes `writer` into the screens, as `aws … | handshake --input -`.
  private func start(_ stage: Stage, writer: String) throws -> PseudoTerminal {
    try PseudoTerminal(
      ["/bin/sh", "-c", "\(writer) | \"$0\" --input -; exit $?", try Stage.program],
      environment: stage.environment, columns: 80, rows: 24)
  }

  @Test("show it, and read keys from the terminal")
  func keys() throws {
    let stage = try Stage()
    try stage.write("{\"Handshakes\":[]}\n", to: "saved.json")
    let terminal = try start(stage, writer: "cat \"$HOME/saved.json\"")
    try #require(
      terminal.writes("DOCUMENT"), "\(String(decoding: terminal.bytes, as: UTF8.self))")
    terminal.write("q")
    #expect(terminal.ending() == WaitStatus(exit: 0))
  }

  @Test("report that it was empty instead of opening")
  func empty() throws {
    let terminal = try start(try Stage(), writer: "true")
    #expect(terminal.ending() == WaitStatus(exit: 1))
    terminal.read()
    #expect(terminal.contains("standard input is empty"))
    #expect(!terminal.contains("\u{1B}[?1049h"))
  }

  @Test("can be interrupted while it is being written")
  func interrupted() throws {
    let terminal = try start(try Stage(), writer: "sleep 60")
    usleep(500_000)
    terminal.write("\u{3}")
    #expect(terminal.ending() != nil)
  }
}
