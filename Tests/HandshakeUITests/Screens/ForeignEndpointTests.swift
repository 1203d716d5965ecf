import HandshakeUI
import Testing
import Text

/// Who is asked, where it is not AWS, and whose word is taken for it.
@Suite struct ForeignEndpointTests {
  @Test("the second line names a foreign endpoint and certificates of one's own")
  func named() async throws {
    let stage = try await Stage.open(columns: 120) {
      $0.endpoint = "sso portal.evil.example"
      $0.certificates = Untrusted("/etc/corp\u{202E}.pem")
    }
    #expect(stage.lines[1].contains("endpoint: sso portal.evil.example"))
    #expect(stage.lines[1].contains("certificates: /etc/corp‹U+202E›.pem"))
    let plain = try await Stage.open(columns: 120)
    #expect(!plain.shows("endpoint:") && !plain.shows("certificates:"))
  }

  @Test("the second line names a file that others may change")
  func openFile() async throws {
    let stage = try await Stage.open(columns: 120) { $0.doubtfulFile = "/home/op/.aws/config" }
    #expect(stage.lines[1].contains("others may change: /home/op/.aws/config"))
  }

  @Test("of a long name its end is shown, which tells whose it is")
  func long() async throws {
    let stage = try await Stage.open {
      $0.endpoint = String(repeating: "a", count: 80) + ".amazonaws.com.evil.example"
    }
    #expect(stage.lines[1].contains("amazonaws.com.evil.example"))
  }
}
