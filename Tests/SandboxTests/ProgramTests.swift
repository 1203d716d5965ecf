import Foundation
import Glibc
import LocalBackend
import Model
import Signing
import TestSupport
import Testing
import Text
import Wire

@testable import Sandbox

/// The built program with a home and a store.
private struct Program: Sendable {
  let home: TemporaryDirectory
  var store: String { home.path + "/organization.sqlite" }

  init() throws {
    home = try TemporaryDirectory()
    let made = try Store.create(at: store, time: Wall(), random: SeededBytes())
    try made.close()
  }

  /// The store's clock is the machine's, as the program's is.
  private struct Wall: TimeSource {
    func now() -> Timestamp { Timestamp(milliseconds: Int64(time(nil)) * 1_000) }
    func uptime() -> Span { .zero }
  }

  /// The program is in the folder of the test bundle.
  static var path: String {
    get throws {
      let real = try #require(realpath("/proc/self/exe", nil))
      defer { free(real) }
      let own = String(cString: real)
      let found = ([own] + CommandLine.arguments).lazy
        .filter { $0.contains(".xctest") }
        .compactMap { bundle in
          bundle.lastIndex(of: "/").map { String(bundle[..<$0]) + "/handshake-sandbox" }
        }
        .first { access($0, X_OK) == 0 }
      return try #require(found)
    }
  }

  private var environment: [String: String] { ["HOME": home.path, "LC_ALL": "C.UTF-8"] }

  func run(_ arguments: String...) async throws -> Spawned { try await run(arguments) }

  func shell(_ command: String) async throws -> Spawned {
    let environment = environment
    return try await OwnThread.run {
      try Spawned.run(["/bin/sh", "-c", command], environment: environment)
    }
  }

  func run(_ arguments: [String]) async throws -> Spawned {
    let line = try [Self.path] + arguments
    let environment = environment
    return try await OwnThread.run { try Spawned.run(line, environment: environment) }
  }

  /// Starts the server and runs the test on a separate thread.
  func serve<Value: Sendable>(
    _ arguments: [String] = [],
    _ body: @escaping @Sendable (PseudoTerminal, UInt16) throws -> Value
  ) async throws -> Value {
    let line = try [Self.path, "--port", "0", "--store", store] + arguments
    let environment = environment
    return try await OwnThread.run {
      let terminal = try PseudoTerminal(line, environment: environment, columns: 200)
      _ = terminal.writes("\"}\r\n{\"token\":\"")
      let first = terminal.bytes.split(separator: 0x0D).first ?? []
      let port = try #require(try JSONValue.read(Array(first))["port"]?.number?.int)
      #expect(
        String(decoding: first, as: UTF8.self)
          == "{\"port\": \(port), \"url\": \"http://127.0.0.1:\(port)\"}")
      return try body(terminal, try #require(UInt16(exactly: port)))
    }
  }

  /// A signed call as text.
  func call(_ operation: Model.Operation, _ port: UInt16) throws -> String {
    let seed = try Seed.open(beside: store, random: SeededBytes())
    let keys = KeyRing(seed).keys(of: try present(AccountID("111122223333")))
    let request = SignableRequest(
      "POST",
      headers: [
        ("Host", "127.0.0.1:\(port)"), ("X-Amz-Target", ServiceProtocol.target(of: operation)),
      ], body: Array("{}".utf8))
    let signed = SigV4.sign(
      request, keys: keys, region: "us-east-1", service: "organizations", at: Wall().now())
    let head = signed.request.headers.map { "\($0.name): \($0.value)\r\n" }.joined()
    return "POST / HTTP/1.1\r\n\(head)Content-Length: 2\r\n\r\n{}"
  }
}

@Suite("The program handshake-sandbox", .serialized)
struct ProgramTests {
  @Test("prints its port and its token, serves, and ends with 0 by TERM")
  func serves() async throws {
    let program = try Program()
    try await program.serve { terminal, port in
      let client = try RawClient.connected(port)
      defer { close(client.descriptor) }
      try client.send(try program.call(.describeOrganization, port))
      #expect(try client.reply()?.status == 200)
      terminal.send(SIGTERM)
      #expect(terminal.ending() == WaitStatus(exit: 0))
    }
  }

  @Test("lets the call in flight finish before it ends; a second signal ends it at once")
  func drains() async throws {
    let program = try Program()
    try await program.serve(["--fault", "slow,delay=1s"]) { terminal, port in
      let client = try RawClient.connected(port)
      defer { close(client.descriptor) }
      try client.send(try program.call(.describeOrganization, port))
      // Another connection is answered after this one was accepted.
      let other = try RawClient.connected(port)
      defer { close(other.descriptor) }
      try other.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
      _ = try other.reply()
      terminal.send(SIGINT)
      #expect(try client.reply()?.status == 200)
      #expect(terminal.ending() == WaitStatus(exit: 0))
    }
    try await program.serve(["--fault", "slow,delay=1h"]) { terminal, port in
      let client = try RawClient.connected(port)
      defer { close(client.descriptor) }
      try client.send(try program.call(.describeOrganization, port))
      let other = try RawClient.connected(port)
      defer { close(other.descriptor) }
      try other.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
      _ = try other.reply()
      terminal.send(SIGTERM)
      #expect(try other.readToEnd().isEmpty, "it drains")
      terminal.send(SIGTERM)
      #expect(terminal.ending() == WaitStatus(exit: 128 + SIGTERM))
    }
  }

  @Test(
    "lists accounts with their credentials, and writes a credentials file readable for its owner only"
  )
  func accounts() async throws {
    let program = try Program()
    let file = program.home.path + "/credentials"
    let listed = try await program.run(
      "accounts", "--json", "--store", program.store, "--credentials-file", file)
    let rows = try present(JSONValue.read(Array(listed.output.utf8)).array)
    let names = rows.first?.object?.map(\.name)
    #expect(names == ["Id", "Name", "AccessKeyId", "SecretAccessKey"].map { Untrusted($0) })
    let text = try String(contentsOfFile: file, encoding: .utf8)
    for row in rows {
      let secret = try present(row["SecretAccessKey"]?.string?.asciiText)
      #expect(text.contains("aws_secret_access_key = \(secret)\n"))
    }
    var status = stat()
    #expect(stat(file, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    let plain = try await program.run("accounts", "--store", program.store)
    #expect(plain.output.contains("111122223333  AKIA"))
    #expect(!plain.output.contains("SecretAccessKey"))
  }

  @Test("creates the demonstration in its usual place, and only there")
  func usualPlace() async throws {
    let program = try Program()
    let listed = try await program.run("accounts", "--json")
    #expect(listed.exit == 0)
    #expect(listed.errors.hasPrefix("created a demonstration organization at "))
    #expect(try await program.run("accounts", "--json").errors.isEmpty)
    #expect(access(program.home.path + "/.local/share/handshake/organization.sqlite", F_OK) == 0)
    let missing = try await program.run("accounts", "--store", program.home.path + "/none")
    #expect(missing.exit == 1)
    #expect(missing.errors.contains("does not exist"))
  }

  @Test("reports errors with 2 for usage and 1 for the rest")
  func refusals() async throws {
    let program = try Program()
    #expect(try await program.run("--fault", "nonsense").exit == 2)
    #expect(try await program.run("--port", "70000").exit == 2)
    let past = try await program.run(
      "--store", program.store, "--clock", "2020-01-01T00:00:00Z")
    #expect(past.exit == 1)
    #expect(past.errors.contains("cannot go back"))
    let theirs = program.home.path + "/aws"
    try PrivateFile.write(Array("[default]\n".utf8), to: theirs, replacing: false)
    let kept = try await program.run(
      "--store", program.store, "--credentials-file", theirs)
    #expect(kept.exit == 1)
    #expect(try PrivateFile.read(theirs, limit: 100) == Array("[default]\n".utf8))
  }

  @Test("an option before accounts is refused unless accounts has it too")
  func misplaced() async throws {
    let program = try Program()
    for option in [["--port", "notanumber"], ["--fault", "garbage"], ["--throttle"]] {
      let run = try await program.run(["--store", program.store] + option + ["accounts"])
      #expect(run.exit == 2)
      #expect(run.errors.contains("unknown option \(option[0]) of handshake-sandbox accounts"))
      #expect(run.output.isEmpty)
    }
    #expect(try await program.run("--store", program.store, "accounts").exit == 0)
  }

  @Test("an argument is told on one line, whatever it contains, in the locale's charset")
  func oneLine() async throws {
    let program = try Program()
    let run = try await program.run("no\nhandshake-sandbox: listening\n")
    #expect(run.exit == 2)
    #expect(run.errors.split(separator: "\n").count == 2, "\(run.errors)")
    let missing = try await program.run("--store", "/none\nforged", "accounts")
    #expect(missing.exit == 1)
    #expect(missing.errors.split(separator: "\n").count == 1, "\(missing.errors)")
    let help = try await program.shell("LC_ALL=C '\(Program.path)' --help")
    #expect(help.output.contains("{\"port\": ..., \"url\": ...}"))
    #expect(help.output.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test(
    "output that cannot be written is an error", arguments: ["--help", "accounts", "--port 0"])
  func unwritable(_ words: String) async throws {
    let program = try Program()
    for place in [">/dev/full", ">&-"] {
      let run = try await program.shell(
        "'\(Program.path)' --store '\(program.store)' \(words) \(place)")
      #expect(run.exit == 1, "\(run.errors)")
      #expect(run.errors.contains("could not be written"), "\(run.errors)")
    }
  }
}
