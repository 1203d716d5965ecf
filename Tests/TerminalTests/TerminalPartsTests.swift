import Drawing
import Model
import TestSupport
import Testing
import Text

@testable import Terminal

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
  func clipboard(text: String, expected: String) {
    #expect(Clipboard.sequence(text) == "\u{1B}]52;c;\(expected)\u{7}")
  }

  @Test("more than a terminal accepts is not sent")
  func longCopy() {
    #expect(Clipboard.sequence(String(repeating: "a", count: 8_192)) != nil)
    #expect(Clipboard.sequence(String(repeating: "a", count: 8_193)) == nil)
  }
}
