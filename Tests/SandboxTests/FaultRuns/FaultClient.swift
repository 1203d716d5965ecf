import AWSBackend
import Model
import Sandbox
import Signing
import TestSupport
import Text
import Wire

/// The runner's side of our client over the bare transport, as each account of a sandbox.
struct FaultClient: Sendable {
  /// How it takes an outcome that is not known.
  enum Habit: Sendable {
    /// As our client does.
    case once
    /// As careless ones do: it sends the same again. The suite must notice.
    case again
  }

  let world: World
  private let power: PowerCut?
  private let habit: Habit
  private let transport = CurlTransport()

  init(_ world: World, power: PowerCut? = nil, habit: Habit = .once) {
    self.world = world
    self.power = power
    self.habit = habit
  }

  func backend(_ account: AccountID) -> (any HandshakeBackend)? {
    let plain = PlainBackend(world: world, transport: transport, account: account)
    if let power { return MortalBackend(backend: plain, power: power) }
    return habit == .once ? plain : CarelessBackend(backend: plain)
  }
}

private struct PlainBackend: HandshakeBackend {
  let world: World
  let transport: CurlTransport
  let account: AccountID

  func send<Value>(
    _ request: ServiceRequest, _ read: ([UInt8]) throws(UnreadableReply) -> Value
  ) async throws(BackendError) -> Reply<Value> {
    let operation = request.operation
    let keys: AccessKeys
    do { keys = try world.keys(account.text) } catch {
      throw BackendError(.cancelled, in: operation, applied: .notSent)
    }
    let signable = SignableRequest(
      "POST",
      headers: [
        ("Host", "127.0.0.1:\(world.port)"), ("Content-Type", ServiceProtocol.contentType),
        ("X-Amz-Target", ServiceProtocol.target(of: operation)),
      ], body: request.body)
    let signed = SigV4.sign(
      signable, keys: keys, region: "us-east-1", service: "organizations", at: world.time.now())
    var message = HTTPRequest(
      "POST", world.server.url + "/", headers: signed.request.headers, body: request.body)
    message.isSentAtMostOnce = true
    let response: HTTPResponse
    do { response = try await transport.send(message) } catch {
      throw BackendError(
        .transport(error.detail), in: operation, applied: error.sent ? .unknown : .notSent)
    }
    guard response.status == 200 else {
      throw BackendError(
        replyTo: operation, status: response.status,
        header: response.header("x-amzn-errortype"), body: response.body)
    }
    do { return Reply(try read(response.body), at: world.time.now()) } catch {
      throw BackendError(error.failure, in: operation, applied: .unknown)
    }
  }

  func identity() async throws(BackendError) -> Reply<Identity> {
    do throws(BackendError) {
      let reply = try await send(.describeOrganization) { body throws(UnreadableReply) in
        try ServiceResponse.organization(body)
      }
      return Reply(
        Identity(account: account, caller: Untrusted(""), organization: reply.value),
        at: reply.time)
    } catch {
      guard error.exception == .awsOrganizationsNotInUse else { throw error }
      return Reply(
        Identity(account: account, caller: Untrusted(""), organization: nil), at: world.time.now())
    }
  }

  func handshakes(_ query: Query, page: PageToken?) async throws(BackendError) -> Reply<Page> {
    try await send(.list(.init(query, page: page))) { body throws(UnreadableReply) in
      try ServiceResponse.page(body)
    }
  }

  func handshake(_ id: HandshakeID) async throws(BackendError) -> Reply<Handshake> {
    try await ask(.describeHandshake(Untrusted(id.text)))
  }

  func accept(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await ask(.answer(.accept, id))
  }
  func decline(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await ask(.answer(.decline, id))
  }
  func cancel(_ id: Untrusted) async throws(BackendError) -> Reply<Handshake> {
    try await ask(.answer(.cancel, id))
  }
  func invite(_ invitation: Invitation) async throws(BackendError) -> Reply<Handshake> {
    try await ask(.invite(.init(invitation)))
  }
  func enableAllFeatures() async throws(BackendError) -> Reply<Handshake> {
    try await ask(.enableAllFeatures)
  }

  private func ask(_ request: ServiceRequest) async throws(BackendError) -> Reply<Handshake> {
    try await send(request) { body throws(UnreadableReply) in
      try ServiceResponse.handshake(body)
    }
  }
}
