import AWSBackend
import Model
import Synchronization
import Text
import Wire

/// Recorded requests with their replies, in order, as `http-traffic.json` of the SDK for Rust has
/// them.
struct Traffic: Sendable {
  struct Exchange: Sendable {
    var method: String
    var url: String
    /// Names in lower case.
    var headers: [String: String]
    var body: [UInt8]
    var status: Int
    var replyHeaders: [(name: String, value: Untrusted)]
    var reply: [UInt8]
  }

  var exchanges: [Exchange] = []

  struct Unreadable: Error {}

  init(_ file: JSONValue) throws {
    for event in file["events"]?.array ?? [] {
      let action = event["action"]
      if let request = action?["Request"]?["request"] {
        guard let method = request.ascii("method"), let url = request.ascii("uri") else {
          throw Unreadable()
        }
        exchanges.append(
          Exchange(
            method: method, url: url, headers: Self.headers(request["headers"]), body: [],
            status: 0, replyHeaders: [], reply: []))
      } else if let response = action?["Response"]?["response"]?["Ok"] {
        guard let status = response["status"]?.number?.int, !exchanges.isEmpty else {
          throw Unreadable()
        }
        exchanges[exchanges.count - 1].status = Int(status)
        exchanges[exchanges.count - 1].replyHeaders = Self.headers(response["headers"]).map {
          (name: $0.key, value: Untrusted($0.value))
        }
      } else if let data = action?["Data"] {
        guard let bytes = data["data"]?["Utf8"]?.string?.bytes, !exchanges.isEmpty else {
          throw Unreadable()
        }
        if data.ascii("direction") == "Request" {
          exchanges[exchanges.count - 1].body += bytes
        } else {
          exchanges[exchanges.count - 1].reply += bytes
        }
      } else if action?["Eof"] == nil {
        throw Unreadable()
      }
    }
  }

  private static func headers(_ value: JSONValue?) -> [String: String] {
    var headers: [String: String] = [:]
    for member in value?.object ?? [] {
      let texts = member.value.array?.compactMap { $0.string?.asciiText } ?? []
      headers[member.name.asciiText?.lowercased() ?? ""] = texts.joined(separator: ",")
    }
    return headers
  }
}

/// Returns the recorded replies to the recorded requests, and notes every difference.
final class ReplayTransport: HTTPTransport {
  /// Headers whose values depend on the client.
  private static let foreign: Set = [
    "user-agent", "x-amz-user-agent", "content-length", "x-amz-date", "host", "authorization",
  ]

  private struct Run {
    var rest: [Traffic.Exchange]
    var differences: [String] = []
  }

  private let run: Mutex<Run>
  /// Headers and form fields whose recorded values differ from those of the case.
  private let rewritten: Set<String>

  init(_ traffic: Traffic, rewritten: Set<String>) {
    run = Mutex(Run(rest: traffic.exchanges))
    self.rewritten = rewritten
  }

  /// The recorded requests that were not made.
  var differences: [String] {
    run.withLock { run in
      run.differences + run.rest.map { "not asked: \($0.method) \($0.url)" }
    }
  }

  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    let exchange = run.withLock { run -> Traffic.Exchange? in
      guard let exchange = run.rest.first else {
        run.differences.append("not recorded: \(request.method) \(request.url)")
        return nil
      }
      run.rest.removeFirst()
      run.differences += differences(request, exchange)
      return exchange
    }
    guard let exchange else {
      throw HTTPFailure(.connect, sent: false, detail: Untrusted("nothing is recorded"))
    }
    return HTTPResponse(
      status: exchange.status, headers: exchange.replyHeaders, body: exchange.reply)
  }

  private func differences(_ request: HTTPRequest, _ exchange: Traffic.Exchange) -> [String] {
    var found: [String] = []
    if request.method != exchange.method { found.append("method \(request.method)") }
    if request.url != exchange.url { found.append("url \(request.url)") }
    var headers: [String: String] = [:]
    for header in request.headers { headers[header.name.lowercased()] = header.value }
    for name in Set(headers.keys).union(exchange.headers.keys).subtracting(Self.foreign) {
      let (ours, theirs) = (headers[name], exchange.headers[name])
      let isSame =
        rewritten.contains(name)
        ? (ours == nil) == (theirs == nil) : Self.value(ours, name) == Self.value(theirs, name)
      if !isSame { found.append("header \(name)") }
    }
    let (ours, theirs) = (headers["authorization"], exchange.headers["authorization"])
    if Self.scope(ours) != Self.scope(theirs), !rewritten.contains("authorization") {
      found.append("authorization")
    }
    return found + fieldDifferences(request.body, exchange.body)
  }

  /// A content type without its parameters.
  private static func value(_ value: String?, _ name: String) -> String? {
    name == "content-type" ? value?.split(separator: ";").first.map(String.init) : value
  }

  /// Region and service of a signature: `us-east-1/sts`.
  private static func scope(_ authorization: String?) -> [String]? {
    guard let authorization else { return nil }
    let parts = authorization.split(separator: "/")
    return parts.count > 4 ? parts[2...3].map(String.init) : []
  }

  private func fieldDifferences(_ ours: [UInt8], _ theirs: [UInt8]) -> [String] {
    let (ours, theirs) = (Self.fields(ours), Self.fields(theirs))
    guard ours.map(\.name) == theirs.map(\.name) else {
      return ["fields \(ours.map(\.name))"]
    }
    return zip(ours, theirs).compactMap { our, their in
      if our.value == their.value || rewritten.contains(our.name) { return nil }
      // A value made of the time, after a client's own prefix.
      let isMade = our.name == "RoleSessionName" && our.value.hasPrefix("handshake-")
      return isMade ? nil : "field \(our.name)"
    }
  }

  private static func fields(_ body: [UInt8]) -> [(name: String, value: String)] {
    body.split(separator: UInt8(ascii: "&")).map { field in
      let parts = field.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      return (
        String(decoding: parts[0], as: UTF8.self),
        parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : ""
      )
    }
  }
}
