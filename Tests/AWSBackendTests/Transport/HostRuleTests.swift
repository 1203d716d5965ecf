import CCurl
import Testing

@testable import AWSBackend

@Suite struct HostRuleTests {
  @Test(
    "without TLS only this machine and the metadata addresses are allowed",
    arguments: [
      ("http", "127.0.0.1", true), ("http", "127.255.1.2", true), ("http", "[::1]", true),
      ("http", "localhost", true), ("http", "169.254.169.254", true),
      ("http", "169.254.170.2", true), ("http", "169.254.170.23", true),
      ("http", "[fd00:ec2::254]", true), ("http", "[fd00:ec2::23]", true),
      ("http", "[fd00:0ec2:0::0254]", true), ("http", "128.0.0.1", false),
      ("http", "169.254.170.24", false), ("http", "[fd00:ec2::25]", false),
      ("http", "[::ffff:127.0.0.1]", false), ("http", "localhost.", false),
      ("http", "127.0.0.1.nip.example", false), ("http", "", false), ("http", "[]", false),
      ("https", "example.com", true), ("https", "10.0.0.1", true), ("ftp", "127.0.0.1", false),
      ("", "127.0.0.1", false),
    ])
  func hosts(scheme: String, host: String, isPermitted: Bool) {
    #expect(HostRule.permits(scheme: scheme, host: host) == isPermitted)
  }

  @Test("the library's codes have the values that the client relies on")
  func codes() {
    let plain = CurlFacts()
    let proxied = CurlFacts(isProxied: true)
    let begun = CurlFacts(isProxied: true, isBegun: true)
    let rows: [(CURLcode, CurlFacts, HTTPFailure.Kind)] = [
      (CURLE_COULDNT_CONNECT, plain, .connect), (CURLE_COULDNT_CONNECT, proxied, .proxy),
      (CURLE_RECV_ERROR, plain, .interrupted), (CURLE_RECV_ERROR, proxied, .proxy),
      (CURLE_RECV_ERROR, begun, .interrupted), (CURLE_OPERATION_TIMEDOUT, proxied, .timeout),
      (CURLE_COULDNT_RESOLVE_HOST, plain, .nameLookup),
      (CURLE_COULDNT_RESOLVE_PROXY, plain, .proxy), (CURLE_PROXY, proxied, .proxy),
      (CURLE_PEER_FAILED_VERIFICATION, proxied, .untrusted), (CURLE_SSL_CONNECT_ERROR, plain, .tls),
      (CURLE_SSL_CACERT_BADFILE, plain, .certificates), (CURLE_GOT_NOTHING, plain, .interrupted),
      (CURLE_PARTIAL_FILE, plain, .interrupted), (CURLE_SEND_ERROR, begun, .interrupted),
      (CURLE_WRITE_ERROR, CurlFacts(isTooLarge: true), .tooLarge),
      (CURLE_WRITE_ERROR, plain, .other), (CURLE_FILESIZE_EXCEEDED, plain, .tooLarge),
      (CURLE_ABORTED_BY_CALLBACK, CurlFacts(isBegun: true, isRepetition: true), .interrupted),
      (CURLE_UNSUPPORTED_PROTOCOL, plain, .forbidden),
      (CURLE_UNSUPPORTED_PROTOCOL, begun, .other), (CURLE_WEIRD_SERVER_REPLY, begun, .other),
      (CURLE_OUT_OF_MEMORY, plain, .other),
    ]
    for (code, facts, kind) in rows {
      #expect(CurlFacts.kind(of: code, facts) == kind, "\(code.rawValue)")
    }
  }
}
