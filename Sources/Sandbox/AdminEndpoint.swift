import Crypto
import LocalBackend
import Model
import Text
import Wire

/// The sandbox's own path: clock, faults, truth. Every request needs the token.
struct AdminEndpoint: Sendable {
  static let prefix = "/_sandbox/"

  let dependencies: Dependencies
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

  private func setClock(_ body: JSONValue) async throws(AdminFault) -> JSONValue {
    guard let change = ClockChange(body) else {
      throw .malformed("{\"advance\": \"16d\"} or {\"set\": \"2026-12-09T00:00:00Z\"} is expected")
    }
    do throws(ClockChange.Failure) {
      try await change.apply(to: dependencies.store)
    } catch { throw .malformed(error.words) }
    return try await clock()
  }

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
      body: value.json(.line) + [Byte.lineFeed])
  }
}

/// Why the admin path does not do it.
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

/// What the admin path wants: made at each start, printed once, kept nowhere.
public struct AdminToken: Sendable {
  public let text: String

  init(_ random: any RandomSource) { text = Base32.text(random.bytes(30)) }

  /// Whether `given` is this token, in a time that tells nothing of it.
  func matches(_ given: [UInt8]) -> Bool {
    // Digests compare in constant time.
    SHA256.hash(data: given) == SHA256.hash(data: Array(text.utf8))
  }
}

/// A wish to move the store's clock.
public enum ClockChange: Hashable, Sendable {
  /// By this much.
  case advance(Span)
  /// To this instant, which must lie ahead.
  case set(Timestamp)

  public enum Failure: Error, Hashable, Sendable {
    /// A service's clock does not go back.
    case past(now: Timestamp)
    case store(StoreError)

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

  /// Moves it for all users of the store; what has expired by then is settled.
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
