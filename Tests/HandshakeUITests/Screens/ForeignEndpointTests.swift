import HandshakeUI
import TestSupport
import Testing
import Text

/// Endpoints that are not AWS's, and the certificates they are trusted by.
@Suite struct ForeignEndpointTests {
  @Test("the second line names a foreign endpoint and the operator's own certificates")
  func named() async throws {
    let stage = try await Stage.open(columns: 120) {
      $0.endpoint = "sso portal.evil.example"
      $0.certificates = Untrusted("/etc/corp\u{202E}.pem")
    }
    #expect(stage.lines[1].contains("endpoint: sso portal.evil.example"))
    #expect(stage.lines[1].contains("  CA  "))
    #expect(!stage.shows("/etc/corp"))
    let plain = try await Stage.open(columns: 120)
    #expect(!plain.shows("endpoint:") && !plain.lines[1].contains("  CA  "))
  }

  @Test("the second line names a file that others may change")
  func openFile() async throws {
    let stage = try await Stage.open(columns: 120) { $0.doubtfulFile = "/home/op/.aws/config" }
    #expect(stage.lines[1].contains("others may change: /home/op/.aws/config"))
  }

  @Test("the end of a long name is shown, which identifies its owner")
  func long() async throws {
    let stage = try await Stage.open {
      $0.endpoint = String(repeating: "a", count: 80) + ".amazonaws.com.evil.example"
    }
    #expect(stage.lines[1].contains("amazonaws.com.evil.example"))
  }

  @Test(
    "service and account come first, and freshness and failed accounts stay, whatever else is shown",
    arguments: [80, 100, 120, 200], 0..<8)
  func neverPushedOff(columns: Int, what: Int) async throws {
    let account = try Fixture.account("111122223333")
    for scope in [nil, account] {
      let stage = try await Stage.open(columns: columns) {
        $0.backend = .aws
        $0.account = scope
        if what & 1 != 0 { $0.certificates = Untrusted("/etc/ssl/certs/corporate-ca-bundle.pem") }
        if what & 2 != 0 { $0.endpoint = "organizations.proxy.amazonaws.com.corp.example" }
        if what & 4 != 0 { $0.doubtfulFile = "/home/operator/.aws/config" }
      }
      let line = stage.lines[1]
      #expect(line.hasPrefix(scope == nil ? " AWS all accounts" : " AWS 111122223333"), "\(line)")
      #expect(line.contains(scope == nil ? "6/7" : "1/1"), "\(line)")
      #expect(scope != nil || line.contains("!1 UNKNOWN"), "\(line)")
      #expect(line.contains("CA") == (what & 1 != 0), "\(line)")
      #expect(line.contains("corp.example") == (what & 2 != 0), "\(line)")
      #expect((line.contains("config") || line.contains("!FILE")) == (what & 4 != 0), "\(line)")
    }
  }
}
