import LocalBackend
import Model
import TestSupport
import Testing
import Text
import Wire

@testable import Sandbox

@Suite("The admin path")
struct AdminTests {
  @Test("requires the complete token of this start")
  func token() async throws {
    let world = try World(empty: true)
    let token = world.server.adminToken.text
    #expect(token.utf8.count == 48)
    for wrong in ["", "x", String(token.dropLast()), token + "A", token.lowercased()] {
      #expect(try await world.admin("GET", "truth", token: wrong)?.status == 401)
      #expect(try await world.admin("POST", "faults", "\"lost\"", token: wrong)?.status == 401)
    }
    #expect(
      try await world.send("GET /_sandbox/truth HTTP/1.1\r\nHost: localhost\r\n\r\n")?.status == 401
    )
    #expect(try await world.admin("GET", "truth")?.status == 200)
    let again = try World(in: world.directory, time: world.time)
    #expect(try await again.admin("GET", "truth", token: token)?.status == 401)
  }

  @Test("does not answer a browser, with the token or not")
  func browser() async throws {
    let world = try World(empty: true)
    let reply = try await world.admin("GET", "truth", fields: "Origin: http://localhost\r\n")
    #expect(reply?.status == 403)
  }

  @Test("switches faults on, adds, shows and switches off")
  func faults() async throws {
    let world = try World(empty: true)
    func rules(_ method: String, _ body: String = "") async throws -> [String] {
      let reply = try present(try await world.admin(method, "faults", body))
      return try present(reply.json["Faults"]?.array).compactMap { $0.string?.asciiText }
    }
    #expect(try await rules("GET") == [])
    #expect(
      try await rules("POST", "{\"kind\": \"lost\", \"op\": \"AcceptHandshake\", \"count\": 2}")
        == ["lost,op=AcceptHandshake,count=2"])
    #expect(
      try await rules("POST", "[\"throttle\", {\"kind\": \"slow\", \"delay\": \"3s\"}]")
        == ["lost,op=AcceptHandshake,count=2", "throttle", "slow,delay=3000"])
    #expect(try await rules("PUT", "[]") == [])
    #expect(try await rules("PUT", "\"reset\"") == ["reset"])
    #expect(try await rules("DELETE") == [])
  }

  @Test(
    "refuses invalid requests, and changes nothing",
    arguments: [
      ("POST", "faults", "{", 400), ("POST", "faults", "", 400), ("POST", "faults", "1", 400),
      ("POST", "faults", "{\"op\":\"AcceptHandshake\"}", 400),
      ("POST", "faults", "[\"lost\",\"nonsense\"]", 400), ("PATCH", "faults", "", 405),
      ("POST", "clock", "{}", 400), ("POST", "clock", "{\"advance\":\"soon\"}", 400),
      ("POST", "clock", "{\"set\":\"2020-01-01T00:00:00Z\"}", 400), ("GET", "nothing", "", 404),
      ("POST", "truth", "", 405),
    ])
  func malformed(_ method: String, _ name: String, _ body: String, _ status: Int) async throws {
    let world = try World(empty: true)
    #expect(try await world.admin(method, name, body)?.status == status)
    #expect(try await world.admin("GET", "faults")?.text == "{\"Faults\":[]}\n")
    #expect(try await world.store.clock().advanced == .zero)
  }

  @Test("advances and sets the store's clock, which expires handshakes")
  func clock() async throws {
    let world = try World()
    let id = try await world.pending()
    let reply = try await world.admin("POST", "clock", "{\"advance\":\"20d\"}")
    #expect(
      reply?.text == "{\"Now\":\"2026-12-12T14:32:10.000Z\",\"AdvancedSeconds\":1728000}\n")
    let described = try await world.call(
      .describeHandshake, "{\"HandshakeId\":\"\(id)\"}", as: "222233334444")
    #expect(described?.json["Handshake"]?["State"] == .text("EXPIRED"))
    #expect(described?.fields["date"] == "Sat, 12 Dec 2026 14:32:10 GMT")
    let set = try await world.admin("POST", "clock", "{\"set\":\"2026-12-31T00:00:00Z\"}")
    #expect(set?.json["Now"] == .text("2026-12-31T00:00:00.000Z"))
  }
}
