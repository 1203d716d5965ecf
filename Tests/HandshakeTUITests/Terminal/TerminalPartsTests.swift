import HandshakeUI
import Model
import Review
import TestSupport
import Testing
import Text

@testable import HandshakeTUI

@Suite("The terminal's smaller parts")
struct TerminalPartsTests {
  @Test(
    "only a UTF-8 locale by name counts as one",
    arguments: [
      ("UTF-8", true), ("utf8", true), ("UTF-8@euro", true), ("ISO-8859-1", false), ("C", false),
      ("ANSI_X3.4-1968", false), ("UTF-16", false), ("", false),
    ])
  func codesets(name: String, expected: Bool) {
    #expect(TerminalLocale.isUTF8(name) == expected)
  }

  @Test("the environment decides on colours, timeouts and whether to start at all")
  func settings() {
    let bare = TerminalSettings(environment: [:])
    #expect(bare.fault == .incapable(name: nil))
    #expect(bare.colours && bare.escapeDelay == Span(milliseconds: 50))
    let dumb = TerminalSettings(environment: ["TERM": "dumb", "NO_COLOR": "1"])
    #expect(dumb.fault == .incapable(name: "dumb") && !dumb.colours)
    let remote = TerminalSettings(environment: [
      "TERM": "xterm", "SSH_TTY": "/dev/pts/1", "NO_COLOR": "",
    ])
    #expect(remote.fault == nil && remote.colours)
    #expect(remote.escapeDelay == Span(milliseconds: 300))
    #expect(TerminalSettings(environment: [:], forceASCII: true).charset == .ascii)
  }

  @Test("every refusal names the alternative")
  func faults() {
    for fault in [
      TerminalFault.none, .incapable(name: nil), .incapable(name: "a\u{1B}[2J"),
      .failed(call: "tcgetattr", errno: 25),
      .noEntry(name: "a\u{1B}[2J", fallback: "xterm-256color", isDatabaseMissing: true),
      .noEntry(name: "linux", fallback: "xterm-256color", isDatabaseMissing: false),
    ] {
      #expect(fault.text.contains("handshake list"))
      #expect(fault.text.utf8.allSatisfy { (0x20...0x7E).contains($0) })
    }
  }

  @Test(
    "the clipboard's format is that of RFC 4648",
    arguments: [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
  func base64(text: String, expected: String) {
    #expect(Clipboard.base64(Array(text.utf8)) == expected)
    #expect(Clipboard.sequence(text) == "\u{1B}]52;c;\(expected)\u{7}")
  }

  @Test("more than a terminal accepts is not sent")
  func longCopy() {
    #expect(Clipboard.sequence(String(repeating: "a", count: 8_192)) != nil)
    #expect(Clipboard.sequence(String(repeating: "a", count: 8_193)) == nil)
  }
}

@Suite("What was staged when a session was cut off")
struct DraftsTests {
  private let place = ServicePlace(.local, at: Untrusted("/tmp/a b\n.sqlite"))
  private let kept: [StagedAnswer] = [
    ("h-examplehandshakeid111", Answer.accept), ("h-examplehandshakeid112", .decline),
  ].compactMap { text, answer in HandshakeID(text).map { StagedAnswer(id: $0, answer: answer) } }

  @Test("is there at the next start, once, and at its own place only")
  func roundTrip() throws {
    let directory = try TemporaryDirectory()
    let drafts = StagingStore(path: directory.path + "/state")
    #expect(drafts.kept(for: place).isEmpty)
    drafts.keep(kept, for: place)
    #expect(drafts.kept(for: place) == kept)
    #expect(drafts.kept(for: ServicePlace(.local, at: Untrusted("/tmp/other"))).isEmpty)
    drafts.keep([], for: place)
    #expect(drafts.kept(for: place).isEmpty)
  }

  @Test("a line that is not understood costs only itself")
  func damage() {
    var bytes = StagingStore.text(kept, for: place)
    bytes += Array("send h-1\naccept nonsense\n\u{FF}\u{1B}\ncancel h-examplehandshakeid113\n".utf8)
    #expect(StagingStore.read(bytes, for: place).map(\.answer) == [.accept, .decline, .cancel])
    #expect(
      StagingStore.read(Array("something else\naccept h-examplehandshakeid111\n".utf8), for: place)
        .isEmpty)
  }
}
