import LocalBackend
import Model
import TestSupport
import Testing
import Text
import Wire

@testable import Sandbox

private let account = "222233334444"

@Suite("Faults")
struct FaultTests {
  private struct Expected: Sendable {
    let rule: String
    /// Nil when no reply arrives.
    let status: Int?
    let isApplied: Bool
    var isCut = false
    var isJSON = true
  }

  private static let all = [
    Expected(rule: "throttle", status: 400, isApplied: false),
    Expected(rule: "5xx-before,status=503", status: 503, isApplied: false),
    Expected(rule: "5xx-after", status: 500, isApplied: true),
    Expected(rule: "lost-before", status: nil, isApplied: false),
    Expected(rule: "lost", status: nil, isApplied: true),
    Expected(rule: "reset", status: nil, isApplied: true),
    Expected(rule: "truncated", status: 200, isApplied: true, isCut: true, isJSON: false),
    Expected(rule: "truncated,bytes=0", status: 200, isApplied: true, isCut: true, isJSON: false),
    Expected(rule: "slow,delay=1", status: 200, isApplied: true),
    Expected(rule: "late,delay=1", status: 200, isApplied: true),
    Expected(rule: "trickle,delay=0", status: 200, isApplied: true),
    Expected(rule: "html-before,status=502", status: 502, isApplied: false, isJSON: false),
    Expected(rule: "html", status: 200, isApplied: true, isJSON: false),
  ]

  @Test("affect one call, and the truth log has its result")
  func faults() async throws {
    let world = try World()
    for expected in Self.all {
      let rule = "\(expected.rule),op=AcceptHandshake,count=1"
      _ = try await world.admin("PUT", "faults", World.text(rule))
      _ = try await world.admin("DELETE", "truth")
      // Applied or not, a second attempt shows it by its error.
      let id = try await world.pending()
      let body = "{\"HandshakeId\":\"\(id)\"}"
      let reply = try? await world.call(.acceptHandshake, body, as: account)
      #expect(reply?.status == expected.status, "\(rule)")
      #expect((reply?.isCut ?? false) == expected.isCut, "\(rule)")
      if let reply { #expect((reply.json != .null) == expected.isJSON, "\(rule)") }
      let entry = try present(try await world.truth(.acceptHandshake).first)
      #expect(entry["Applied"] == .bool(expected.isApplied), "\(rule)")
      #expect(entry["HandshakeId"] == .text(id))
      #expect(entry["Account"] == .text(account))
      let second = try await world.call(.acceptHandshake, body, as: account)
      #expect(
        second?.code == (expected.isApplied ? "HandshakeAlreadyInStateException" : nil), "\(rule)")
      try await world.store.reset()
    }
  }

  @Test("empty every other page of a listing, and lose nothing")
  func emptyPages() async throws {
    var options = SandboxServer.Options()
    options.faults = [FaultRule(.emptyPages)]
    let world = try World(options)
    let plain = try World()
    func pages(_ world: World, _ operation: Operation, _ name: String) async throws -> [[JSONValue]]
    {
      var pages: [[JSONValue]] = []
      var token = ""
      repeat {
        let reply = try present(
          try await world.call(operation, "{\(token)\"MaxResults\":3}", as: "999900001111"))
        #expect(reply.status == 200)
        pages.append(try present(reply.json[name]?.array))
        token = reply.json["NextToken"]?.string?.asciiText.map { "\"NextToken\":\"\($0)\"," } ?? ""
      } while !token.isEmpty && pages.count < 100
      return pages
    }
    let listings = [
      (Operation.listHandshakesForOrganization, "Handshakes"), (.listAccounts, "Accounts"),
    ]
    for (operation, name) in listings {
      let found = try await pages(world, operation, name)
      let whole = try await pages(plain, operation, name)
      #expect(found.count == 2 * whole.count)
      #expect(stride(from: 0, to: found.count, by: 2).allSatisfy { found[$0].isEmpty })
      #expect(found.flatMap { $0 }.count == whole.flatMap { $0 }.count)
    }
  }

  @Test("affect STS in its own format")
  func sts() async throws {
    let world = try World()
    let form = "Action=GetCallerIdentity&Version=2011-06-15"
    let cases = [
      ("throttle", 400, "Throttling"), ("5xx-before,status=503", 503, "ServiceUnavailable"),
      ("5xx-after", 500, "InternalFailure"),
    ]
    for (rule, status, code) in cases {
      _ = try await world.admin("PUT", "faults", World.text("\(rule),count=1"))
      let reply = try await world.sts(form)
      #expect(reply?.status == status)
      #expect(reply?.code == code)
      #expect(try await world.sts(form)?.status == 200)
    }
  }

  @Test("the service's own rates refuse requests that arrive too fast")
  func throttles() async throws {
    var options = SandboxServer.Options()
    options.throttles = true
    let world = try World(options)
    var codes: [String?] = []
    for _ in 0..<3 { codes.append(try await world.call(.describeOrganization)?.code) }
    #expect(codes == [nil, nil, "TooManyRequestsException"])
    world.time.pass(.seconds(1))
    #expect(try await world.call(.describeOrganization)?.status == 200)
  }
}

@Suite("The truth log")
struct TruthTests {
  @Test("is written as JSON lines, an applied call before it is answered")
  func file() async throws {
    let directory = try TemporaryDirectory()
    var options = SandboxServer.Options()
    options.truthPath = directory.path + "/truth"
    let world = try World(options)
    let id = try await world.pending()
    let reply = try await world.call(
      .acceptHandshake, "{\"HandshakeId\":\"\(id)\"}", as: account)
    _ = try await world.call(.acceptHandshake, "{\"HandshakeId\":\"\(id)\"}", as: account)
    _ = try await world.call(.listHandshakesForAccount, as: account)
    let bytes = try present(PrivateFile.read(directory.path + "/truth", limit: 1 << 16))
    let lines = try bytes.split(separator: 0x0A).map { try JSONValue.read(Array($0)) }
    #expect(lines.map { $0["Applied"] } == [.bool(true), .bool(false)])
    #expect(
      lines[0]["RequestId"]?.string == reply?.fields["x-amzn-requestid"].map { Untrusted($0) })
    #expect(lines[0]["Time"] == .text("2026-11-22T14:32:10.000Z"))
    #expect(lines[1]["Exception"] == .text("HandshakeAlreadyInStateException"))
  }

  @Test("counts every call, reads too")
  func counts() async throws {
    let world = try World()
    for _ in 0..<3 { _ = try await world.call(.listHandshakesForAccount) }
    let truth = try present(try await world.admin("GET", "truth")).json
    #expect(truth["Calls"]?["ListHandshakesForAccount"] == .int(3))
    #expect(truth["Entries"]?.array?.isEmpty == true)
    #expect(world.server.calls(of: .listHandshakesForAccount) == 3)
  }

  @Test("is accessible, like the faults, without a request")
  func inProcess() async throws {
    let world = try World()
    world.server.faults = [try FaultRule("5xx-after,count=1")]
    let id = try await world.pending()
    let reply = try await world.call(.declineHandshake, "{\"HandshakeId\":\"\(id)\"}", as: account)
    #expect(reply?.status == 500)
    #expect(world.server.faults.isEmpty)
    #expect(world.server.truth.map(\.isApplied) == [true])
    #expect(world.server.truth.first?.fault == "5xx-after")
  }
}
