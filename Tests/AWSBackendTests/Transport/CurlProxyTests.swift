import Model
import Testing
import Text

@testable import AWSBackend

@Suite struct CurlProxyTests {
  private let transport = CurlTransport()

  private func request(
    _ method: String, _ url: String, _ environment: [String: String]
  ) -> HTTPRequest {
    var request = HTTPRequest.patient(method, url)
    request.route.proxies = ProxySettings(
      SettingsLookup(environment: environment, section: nil))
    return request
  }

  @Test(
    "a proxy's refusal of a tunnel is attributed to the proxy, and nothing was sent",
    arguments: [
      "407 Proxy Authentication Required", "403 Forbidden", "503 Service Unavailable",
    ])
  func refusedTunnel(status: String) async throws {
    let proxy = try LoopbackServer(
      answering: "HTTP/1.1 \(status)\r\nContent-Length: 0\r\n\r\n")
    let failure = try #require(
      await transport.failure(
        of: request(
          "POST", "https://organizations.example/",
          ["HTTPS_PROXY": "http://user:p%40ss@127.0.0.1:\(proxy.port)"])))
    #expect(failure.kind == .proxy)
    #expect(!failure.sent)
    let detail = try #require(failure.detail.asciiText)
    #expect(
      detail.contains("***@127.0.0.1:\(proxy.port)") && detail.contains(String(status.prefix(3))))
    #expect(!detail.contains("p%40ss") && !detail.contains("p@ss"))
    let sent = try #require(proxy.requests.first)
    #expect(sent.hasPrefix("CONNECT organizations.example:443 HTTP/1.1\r\n"))
    #expect(sent.contains("Proxy-Authorization: Basic dXNlcjpwQHNz\r\n"))
  }

  @Test("a proxy that hangs up, answers nonsense or is missing is attributed to the proxy")
  func brokenProxy() async throws {
    let closing = try LoopbackServer { _ = $0.readRequest() }
    let dead = try LoopbackServer.closedPort()
    for port in [closing.port, dead] {
      let failure = await transport.failure(
        of: request(
          "POST", "https://organizations.example/", ["ALL_PROXY": "127.0.0.1:\(port)"]))
      #expect(failure?.kind == .proxy)
      #expect(failure?.sent == false)
    }
  }

  @Test(
    "a SOCKS proxy is used as curl uses it",
    arguments: ["socks5", "socks5h", "SOCKS5H", "socks4", "socks4a", "socks"])
  func socks(scheme: String) async throws {
    let proxy = try LoopbackServer { _ in }
    let failure = await transport.failure(
      of: request(
        "POST", "https://127.0.0.9:443/",
        ["ALL_PROXY": "\(scheme)://u:secretword@127.0.0.1:\(proxy.port)"]))
    #expect(failure?.kind == .proxy)
    #expect(failure?.sent == false)
    #expect(proxy.connections == 1)
    #expect(failure?.detail.asciiText?.contains("secretword") == false)
  }

  @Test(
    "unencrypted requests go directly to this machine: a proxy would read the credentials in them",
    arguments: ["http_proxy", "HTTP_PROXY", "ALL_PROXY", "https_proxy"])
  func plain(name: String) async throws {
    let server = try LoopbackServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    let proxy = try LoopbackServer { _ in }
    let direct = request("GET", server.url, [name: "http://127.0.0.1:\(proxy.port)"])
    #expect(try await transport.send(direct).status == 200)
    #expect(proxy.connections == 0)
  }

  @Test("exceptions and requests without a proxy do not use it")
  func exceptions() async throws {
    let dead = try LoopbackServer.closedPort()
    let proxy = try LoopbackServer { _ in }
    var environment = [
      "https_proxy": "http://127.0.0.1:\(proxy.port)", "no_proxy": "example.com,127.0.0.1",
    ]
    let url = "https://127.0.0.1:\(dead)/"
    let excepted = await transport.failure(of: request("GET", url, environment))
    #expect(excepted?.kind == .connect)
    environment["no_proxy"] = nil
    var direct = request("GET", url, environment)
    direct.usesProxy = false
    #expect(await transport.failure(of: direct)?.kind == .connect)
    #expect(proxy.connections == 0)
  }

  @Test(
    "an invalid proxy is refused by name, without its password",
    arguments: [
      "ftp://u:secretword@127.0.0.1:21", "http://u:secretword@:80", "http://u:secret word@h ost",
    ])
  func noProxy(url: String) async throws {
    let failure = try #require(
      await transport.failure(
        of: request("GET", "https://organizations.example/", ["https_proxy": url])))
    #expect(failure.kind == .proxy)
    #expect(!failure.sent)
    #expect(failure.detail.asciiText?.contains("secret") == false)
  }

  @Test(
    "hosts are excluded as NO_PROXY lists them",
    arguments: [
      ("*", "a.example", 443, true), ("a.example", "a.example", 443, true),
      (".example", "a.example", 443, true), ("example", "a.example", 443, true),
      ("EXAMPLE", "A.Example", 443, true), ("ample", "a.example", 443, false),
      ("a.example", "example", 443, false), ("a.example:443", "a.example", 443, true),
      ("a.example:8443", "a.example", 443, false), ("b, a.example ,c", "a.example", 443, true),
      ("127.0.0.1", "127.0.0.1", 80, true), ("127.0.0.1:81", "127.0.0.1", 80, false),
      ("127.0.0.0/8", "127.9.9.9", 80, true), ("10.0.0.0/8", "11.0.0.1", 80, false),
      ("10.1.128.0/17", "10.1.127.255", 80, false), ("10.1.128.0/17", "10.1.200.1", 80, true),
      ("::1", "[::1]", 80, true), ("[::1]:80", "[::1]", 80, true), ("0::1", "[::1]", 80, true),
      ("fd00::/8", "[fd12::3]", 80, true), ("fd00::/8", "127.0.0.1", 80, false),
      ("10.0.0.0/99", "10.0.0.1", 80, false), ("", "a.example", 443, false),
      (",, .", "a.example", 443, false), ("example.", "a.example", 443, true),
      ("a.example", "a.example.", 443, true), ("7.0.0.1", "127.0.0.1", 80, false),
    ])
  func matching(list: String, host: String, port: Int, isExcepted: Bool) {
    #expect(
      ProxySettings.isExcepted(Untrusted(list), host: host, port: port) == isExcepted)
  }
}
