import Crypto
import LocalBackend
import Model
import Text
import Wire

/// The sandbox's own path `/_sandbox/`: clock, faults and truth log.
///
/// Every request needs the admin token.
struct AdminEndpoint: Sendable {
  static let prefix = "/_sandbox/"

  let dependencies: SandboxDependencies
  let token: AdminToken

  func answer(_ request: ServerRequest) async -> ServerReply {
    guard isAuthorised(request) else {
      return Router.refusal(401, "This path needs the token printed at the start.")
    }
    do throws(AdminFault) {
      let body: JSONValue
      do throws(JSONFault) {
        body = request.body.isEmpty ? .null : try JSONValue.read(request.body)
      } catch { throw .malformed("the body is not JSON") }
      let value = try await value(
        request.method, String(request.path.dropFirst(Self.prefix.utf8.count)), body)
      return Self.reply(200, value)
    } catch { return Self.reply(error.status, .members([("Error", .text(error.words))])) }
  }

  private func isAuthorised(_ request: ServerRequest) -> Bool {
    let scheme = Array("Bearer ".utf8)
    guard let value = request.value("authorization")?.bytes, value.starts(with: scheme) else {
      return false
    }
    return token.matches(Array(value.dropFirst(scheme.count)))
  }

  /// Carries out an authorised request and returns the reply's JSON.
  ///
  /// - Throws: `AdminFault.malformed` for an invalid body, `.method` for a known path with another
  ///   method, `.unknown` for any other path, `.store` if the store's clock cannot be read.
  private func value(
    _ method: String, _ name: String, _ body: JSONValue
  ) async throws(AdminFault) -> JSONValue {
    switch (method, name) {
    case ("GET", "faults"): break
    case ("POST", "faults"): dependencies.faults.add(try FaultRule.rules(body))
    case ("PUT", "faults"): dependencies.faults.replace(try FaultRule.rules(body))
    case ("DELETE", "faults"): dependencies.faults.replace([])
    case ("GET", "clock"): return try await clock()
    case ("POST", "clock"): return try await setClock(body)
    case ("GET", "truth"): return dependencies.truth.json
    case ("DELETE", "truth"):
      dependencies.truth.clear()
      return dependencies.truth.json
    case (_, "faults"), (_, "clock"), (_, "truth"): throw AdminFault.method
    default: throw AdminFault.unknown
    }
    return .members([
      ("Faults", .array(dependencies.faults.rules.map { .text($0.description) }))
    ])
  }

  /// Moves the store's clock as `body` asks and returns the new clock.
  ///
  /// - Throws: `AdminFault.malformed` if `body` is no clock change, lies in the past or cannot be
  ///   applied to the store; `.store` if the clock cannot be read afterwards.
  private func setClock(_ body: JSONValue) async throws(AdminFault) -> JSONValue {
    guard let change = ClockChange(body) else {
      throw .malformed("{\"advance\": \"16d\"} or {\"set\": \"2026-12-09T00:00:00Z\"} is expected")
    }
    do throws(ClockChange.Failure) {
      try await change.apply(to: dependencies.store)
    } catch { throw .malformed(error.words) }
    return try await clock()
  }

  /// Returns the store's clock as JSON.
  ///
  /// - Throws: `AdminFault.store` if the store cannot be read.
  private func clock() async throws(AdminFault) -> JSONValue {
    guard let clock = try? await dependencies.store.clock() else { throw .store }
    return .members([
      ("Now", .text(clock.now.journalText)),
      ("AdvancedSeconds", .int(clock.advanced.milliseconds / 1_000)),
    ])
  }

  private static func reply(_ status: Int, _ value: JSONValue) -> ServerReply {
    ServerReply(
      status: status, fields: [("Content-Type", "application/json")],
      body: value.json(.line) + [HTTPByte.lineFeed])
  }
}

/// The reason why the admin path refuses a request.
enum AdminFault: Error, Hashable {
  case malformed(String)
  case method
  case unknown
  case store

  var status: Int {
    switch self {
    case .malformed: 400
    case .method: 405
    case .unknown: 404
    case .store: 500
    }
  }

  var words: String {
    switch self {
    case .malformed(let words): words
    case .method: "wrong method for this path"
    case .unknown: "unknown path: use faults, clock or truth"
    case .store: "the store cannot be read"
    }
  }
}

/// The bearer token of the admin path: created at each start, printed once, stored nowhere.
public struct AdminToken: Sendable {
  /// The token as it is printed and sent: 48 characters of base32 (30 random bytes).
  public let text: String

  init(_ random: any RandomSource) { text = Base32.text(random.bytes(30)) }

  /// Returns whether `given` is this token.
  ///
  /// The comparison takes the same time for every value, so that its duration reveals nothing.
  func matches(_ given: [UInt8]) -> Bool {
    // Digests compare in constant time.
    SHA256.hash(data: given) == SHA256.hash(data: Array(text.utf8))
  }
}

/// A request to move the store's clock.
public enum ClockChange: Hashable, Sendable {
  /// Advances the clock by this much.
  case advance(Span)
  /// Sets the clock to this instant, which must not lie in the past.
  case set(Timestamp)

  /// The reason why the clock was not moved.
  public enum Failure: Error, Hashable, Sendable {
    /// The instant lies before the store's clock, which cannot go back.
    case past(now: Timestamp)
    case store(StoreError)

    /// The message for the operator, printable.
    public var words: String {
      switch self {
      case .past(let now):
        "the store's clock is at \(now.journalText) and cannot go back; "
          + "handshake local reset recreates the organization"
      case .store: "the store cannot be written"
      }
    }
  }

  init?(_ body: JSONValue) {
    if let text = body["advance"]?.string?.asciiText, let span = Span(text) {
      self = .advance(span)
    } else if let text = body["set"]?.string, let instant = Timestamp(reading: text.bytes) {
      self = .set(instant)
    } else {
      return nil
    }
  }

  /// Moves the clock for all users of the store and expires what is due by then.
  ///
  /// - Throws: `Failure.past` if the instant to set lies before the store's clock, `Failure.store`
  ///   if the store cannot be read or written.
  public func apply(to store: Store) async throws(Failure) {
    do {
      switch self {
      case .advance(let span): _ = try await store.advance(span)
      case .set(let instant):
        let now = try await store.clock().now
        guard instant >= now else { throw Failure.past(now: now) }
        _ = try await store.advance(instant - now)
      }
    } catch let failure as Failure {
      throw failure
    } catch let error as StoreError {
      throw .store(error)
    } catch {
      throw .store(.damaged(path: store.path, detail: ""))
    }
  }
}
