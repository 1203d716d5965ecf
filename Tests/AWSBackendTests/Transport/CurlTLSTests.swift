import Model
import TestSupport
import Testing
import Text

@testable import AWSBackend

/// Runs against `openssl s_server`, with certificates made for the run.
@Suite struct CurlTLSTests {
  private let transport = CurlTransport()

  private func get(_ server: TLSServer, trusting file: String?) -> HTTPRequest {
    var request = HTTPRequest.patient("GET", "https://127.0.0.1:\(server.port)/")
    request.route.certificates = file
    request.connectTimeout = .seconds(20)
    return request
  }

  @Test("a server is trusted by the given certificates only")
  func trust() async throws {
    let server = try TLSServer(name: "IP:127.0.0.1")
    let response = try await transport.send(get(server, trusting: server.certificate))
    #expect(response.status == 200)

    let untrusted = try #require(await transport.failure(of: get(server, trusting: nil)))
    #expect(untrusted.kind == .untrusted)
    #expect(!untrusted.sent)
    #expect(untrusted.detail.asciiText?.contains("certificate") == true)

    let other = try TLSServer(name: "IP:127.0.0.1")
    #expect(
      await transport.failure(of: get(server, trusting: other.certificate))?.kind == .untrusted)
  }

  @Test("a certificate for another host is refused")
  func otherHost() async throws {
    let server = try TLSServer(name: "DNS:other.example")
    let failure = await transport.failure(of: get(server, trusting: server.certificate))
    #expect(failure?.kind == .untrusted)
    #expect(failure?.sent == false)
  }

  @Test("TLS 1.1 is refused, 1.2 is not")
  func versions() async throws {
    let old = try TLSServer(
      name: "IP:127.0.0.1", options: ["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"])
    let failure = await transport.failure(of: get(old, trusting: old.certificate))
    #expect(failure?.kind == .tls)
    #expect(failure?.sent == false)
    let recent = try TLSServer(name: "IP:127.0.0.1", options: ["-tls1_2"])
    #expect(
      try await transport.send(get(recent, trusting: recent.certificate)).status == 200)
  }

  @Test("through a proxy's tunnel the server's own certificate is checked")
  func tunnel() async throws {
    let server = try TLSServer(name: "IP:127.0.0.1")
    let port = server.port
    let proxy = try LoopbackServer { connection in
      guard connection.readRequest() != nil else { return }
      connection.write("HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n")
      connection.tunnel(to: port)
    }
    var request = get(server, trusting: server.certificate)
    request.route.proxies = ProxySettings(
      SettingsLookup(
        environment: ["https_proxy": "http://127.0.0.1:\(proxy.port)"], section: nil))
    let response = try await transport.send(request)
    #expect(response.status == 200)
    #expect(response.header("x-proxy") == nil)
    #expect(proxy.requests.first?.hasPrefix("CONNECT 127.0.0.1:\(port) ") == true)
    request.route.certificates = nil
    let failure = await transport.failure(of: request)
    #expect(failure?.kind == .untrusted)
    #expect(failure?.sent == false)
  }

  @Test("unreadable certificates are an error, not an empty list")
  func unreadable() async throws {
    let server = try TLSServer(name: "IP:127.0.0.1")
    let folder = try TemporaryDirectory()
    for path in [folder.path + "/none.pem", folder.path, ""] {
      let failure = try #require(await transport.failure(of: get(server, trusting: path)))
      #expect(failure.kind == .certificates, "\(path)")
      #expect(!failure.sent)
      #expect(failure.detail.asciiText?.hasPrefix(path) == true)
    }
    // Readable, and empty.
    let failure = await transport.failure(of: get(server, trusting: server.key))
    #expect(failure?.kind == .certificates)
  }
}

/// `openssl s_server` with a certificate of its own.
private final class TLSServer {
  struct Failure: Error {
    var said: String
  }

  let port: Int
  let certificate: String
  let key: String
  private let folder: TemporaryDirectory
  private let program: PseudoTerminal

  init(name: String, options: [String] = []) throws {
    folder = try TemporaryDirectory()
    certificate = folder.path + "/certificate.pem"
    key = folder.path + "/key.pem"
    let environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder.path]
    let made = try Spawned.run(
      [
        "/usr/bin/env", "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
        "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=test", "-addext",
        "subjectAltName=\(name)", "-keyout", key, "-out", certificate,
      ], environment: environment)
    guard made.exit == 0 else { throw Failure(said: made.errors) }
    program = try PseudoTerminal(
      [
        "/usr/bin/env", "openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert",
        certificate, "-key", key,
      ] + options, environment: environment)
    let mark = "ACCEPT 127.0.0.1:"
    var said = ""
    let program = program
    let isUp = Patience.until {
      program.read()
      said = String(decoding: program.bytes, as: UTF8.self)
      return said.components(after: mark)?.contains { $0.isNewline } == true
    }
    let digits = said.components(after: mark)?.prefix { $0.isNumber } ?? ""
    guard isUp, let port = Int(digits) else { throw Failure(said: said) }
    self.port = port
  }
}

extension String {
  fileprivate func components(after mark: String) -> Substring? {
    firstRange(of: mark).map { self[$0.upperBound...] }
  }
}
