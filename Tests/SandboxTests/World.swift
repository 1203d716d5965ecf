import LocalBackend
import Model
import Signing
import TestSupport
import Text
import Wire

@testable import Sandbox

/// A sandbox over a store of its own that is served until the test ends.
final class World: Sendable {
  let directory: TemporaryDirectory
  let time: ManualTime
  let store: Store
  let server: SandboxServer
  private let serving: Task<Void, any Error>

  var port: UInt16 { server.port }

  /// Creates a store, or opens that of an earlier world, and starts a server on it.
  ///
  /// `directory` is that of the earlier world; nil for a new store.
  ///
  /// - Throws: `TemporaryDirectory.Failure`; `StoreError` if the store cannot be created or opened;
  ///   `SandboxServer.Failure` if the server cannot start.
  init(
    _ options: SandboxServer.Options = SandboxServer.Options(), empty: Bool = false,
    size: Int? = nil, in directory: TemporaryDirectory? = nil, time: ManualTime = ManualTime()
  ) throws {
    let place = try directory ?? TemporaryDirectory()
    self.directory = place
    self.time = time
    let path = place.path + "/organization.sqlite"
    // Another world in the same place must not generate the same credentials by chance.
    let random = SeededBytes(seed: directory == nil ? 1 : 2)
    store =
      directory == nil
      ? try Store.create(
        at: path, options: Store.Options(size: size, empty: empty), time: time, random: random)
      : try Store.open(at: path, time: time, random: random)
    let server = try SandboxServer(store: store, options: options, time: time, random: random)
    self.server = server
    serving = Task { try await server.run() }
  }

  deinit { server.drain() }

  /// Drains the server, and returns when it has ended.
  func end() async throws {
    server.drain()
    try await serving.value
  }

  func keys(_ account: String) throws -> AccessKeys {
    let seed = try Seed.open(beside: store.path, random: SeededBytes())
    return KeyRing(seed).keys(of: try present(AccountID(account)))
  }

  // MARK: Calls

  /// One signed call of Organizations.
  func call(
    _ operation: Operation, _ body: String = "{}", as account: String = "111122223333",
    keys: AccessKeys? = nil
  ) async throws -> RawClient.Reply? {
    let request = signed(
      [
        ("X-Amz-Target", ServiceProtocol.target(of: operation)),
        ("Content-Type", ServiceProtocol.contentType),
      ],
      body, keys: try keys ?? self.keys(account), service: "organizations")
    return try await send(request)
  }

  /// One signed call of STS.
  func sts(
    _ form: String, as account: String = "111122223333", keys: AccessKeys? = nil
  ) async throws -> RawClient.Reply? {
    let request = signed(
      [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
      form, keys: try keys ?? self.keys(account), service: "sts")
    return try await send(request)
  }

  /// One call of the admin path.
  func admin(
    _ method: String, _ name: String, _ body: String = "", token: String? = nil,
    fields: String = ""
  ) async throws -> RawClient.Reply? {
    let token = token ?? server.adminToken.text
    return try await send(
      "\(method) /_sandbox/\(name) HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        + "Authorization: Bearer \(token)\r\n\(fields)"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
  }

  /// Sends text over a new connection and returns one reply.
  func send(_ text: String) async throws -> RawClient.Reply? {
    try await RawClient.with(port: port) { client in
      try client.send(text)
      return try client.reply()
    }
  }

  /// Text as JSON.
  static func text(_ text: String) -> String {
    String(decoding: JSONValue.text(text).json(.line), as: UTF8.self)
  }

  /// A request as text, signed at `now`, which is this world's time.
  func signed(
    _ fields: [(String, String)], _ body: String, keys: AccessKeys, service: String,
    at now: Timestamp? = nil
  ) -> String {
    let request = SignableRequest(
      "POST", headers: [("Host", "127.0.0.1:\(port)")] + fields.map { (name: $0.0, value: $0.1) },
      body: Array(body.utf8))
    let signed = SigV4.sign(
      request, keys: keys, region: "us-east-1", service: service, at: now ?? time.now())
    let head = signed.request.headers.map { "\($0.name): \($0.value)\r\n" }.joined()
    return "POST / HTTP/1.1\r\n\(head)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  /// The truth log's entries of one operation.
  func truth(_ operation: Operation) async throws -> [JSONValue] {
    let reply = try await admin("GET", "truth")
    let entries = try JSONValue.read(reply?.body ?? [])["Entries"]?.array ?? []
    return entries.filter { $0["Operation"]?.string == Untrusted(operation.rawValue) }
  }

  /// The id of an invitation that the account may accept.
  func pending(_ account: String = "222233334444") async throws -> String {
    let page = try await LocalBackend(
      store: store, account: try present(AccountID(account)), user: "test"
    ).handshakes(Query(.received, filter: .action(.invite)), page: nil).value
    let open = page.handshakes.first { $0.state == .open }
    return try present(open?.id?.text)
  }
}

/// The error of a test that cannot continue.
struct Absent: Error {}

func present<Value>(_ value: Value?) throws -> Value {
  guard let value else { throw Absent() }
  return value
}

extension RawClient.Reply {
  /// `__type` of an AWS JSON error, or `Code` of a Query error.
  var code: String? {
    if let value = try? JSONValue.read(body) { return value["__type"]?.string?.asciiText }
    guard let start = text.firstRange(of: "<Code>"), let end = text.firstRange(of: "</Code>")
    else { return nil }
    return String(text[start.upperBound..<end.lowerBound])
  }

  var json: JSONValue { (try? JSONValue.read(body)) ?? .null }

  /// The text of an XML element.
  func element(_ name: String) -> String? {
    guard let start = text.firstRange(of: "<\(name)>"),
      let end = text.firstRange(of: "</\(name)>")
    else { return nil }
    return String(text[start.upperBound..<end.lowerBound])
  }
}
