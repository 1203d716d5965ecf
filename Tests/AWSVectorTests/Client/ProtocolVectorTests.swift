import Model
import Signing
import TestSupport
import Testing
import Text
import Wire

@testable import AWSBackend

/// Runs the Smithy protocol suites for AWS JSON, as botocore has them, through our client: every
/// reply through a call, every request as it would be sent.
@Suite("AWS JSON by the protocol's own tests")
struct ProtocolVectorTests {
  private static let folder = "protocol/botocore/"

  @Test("replies", arguments: ["output/json.json", "output/json_1_0.json"])
  func replies(_ name: String) async throws {
    var count = CaseCount()
    for suite in try VectorFile.read(Self.folder + name).array ?? [] {
      for test in suite["cases"]?.array ?? [] {
        let id = try #require(test.ascii("id"))
        if let reason = Self.leftOut(id) {
          count.leaveOut(id, reason)
          continue
        }
        let isRight = try await isReadRight(test, ProtocolShapes(suite["shapes"] ?? .null))
        count.run(id) { isRight }
      }
    }
    try count.record(Self.folder + name)
  }

  @Test("requests", arguments: ["input/json.json", "input/json_1_0.json"])
  func requests(_ name: String) throws {
    var count = CaseCount()
    for suite in try VectorFile.read(Self.folder + name).array ?? [] {
      for test in suite["cases"]?.array ?? [] {
        let id = try #require(test.ascii("id"))
        if let reason = Self.leftOut(id) {
          count.leaveOut(id, reason)
        } else {
          count.run(id) { try isWrittenRight(test) }
        }
      }
    }
    try count.record(Self.folder + name)
  }

  @Test("the list of cases that botocore itself fails excuses none of ours")
  func ignoreList() throws {
    // Its cases of this protocol are errors by header and by `code`, which pass above.
    let file = Self.folder + "protocol-tests-ignore-list.json"
    let list = try VectorFile.read(file)
    var count = CaseCount()
    for name in ["json", "json_1_0"] {
      for test in list["protocols"]?[name]?["output"]?["cases"]?.array ?? [] {
        let id = try #require(test.string?.asciiText)
        count.run(id) { Self.leftOut(id) == nil }
      }
    }
    #expect(count.cases >= 6)
    try count.record(file)
  }

  /// Features that no request or reply of Organizations uses, and that our code therefore does not
  /// implement.
  private static func leftOut(_ id: String) -> String? {
    switch id {
    case _ where id.lowercased().contains("blob"):
      "no member of Organizations' model is binary"
    case _ where id.contains("EndpointTrait"):
      "no operation of Organizations puts a prefix before its host"
    case _ where id.contains("ContentEncoding"), _ where id.contains("Gzip"):
      "no operation of Organizations compresses its request"
    case "serializes_timestamp_shapes_with_iso8601_timestampformat",
      "serializes_timestamp_shapes_with_httpdate_timestampformat":
      "Organizations takes its times as seconds; no request of ours writes this form"
    default: nil
    }
  }

  // MARK: Replies

  private func isReadRight(_ test: JSONValue, _ shapes: ProtocolShapes) async throws -> Bool {
    let response = test["response"] ?? .null
    let given = test["given"] ?? .null
    let headers = (response["headers"]?.texts ?? [:]).map {
      (name: $0.key.lowercased(), value: Untrusted($0.value))
    }
    let server = OneReply(
      response: HTTPResponse(
        status: Int(response["status_code"]?.number?.int ?? 0), headers: headers,
        body: response["body"]?.string?.bytes ?? []))
    let output = given["output"]?.ascii("shape")
    var call = AWSCall<JSONValue>(.describeOrganization) { (body) throws(ReplyFault) in
      guard let output else { return .object([]) }
      do throws(JSONFault) {
        return shapes.value(try JSONValue.read(body), as: output)
      } catch {
        throw ReplyFault(Untrusted(error.kind.rawValue))
      }
    }
    call.headers = []
    do throws(BackendError) {
      let reply = try await server.client.read(call, OneGate())
      let requestID = headers.first { $0.name == "x-amzn-requestid" }?.value
      return test["errorCode"] == nil && reply.requestID == requestID
        && shapes.isEqual(reply.value, test["result"] ?? .object([]))
    } catch {
      guard let code = test["errorCode"]?.string, error.exception?.wireName == code else {
        return false
      }
      return test["errorMessage"]?.string.map { $0 == error.said } ?? true
    }
  }

  // MARK: Requests

  private func isWrittenRight(_ test: JSONValue) throws -> Bool {
    let expected = test["serialized"] ?? .null
    let path = expected.ascii("uri") == "/custom/" ? "/custom" : ""
    let headers = (expected["headers"]?.texts ?? [:]).map { (name: $0.key, value: $0.value) }
    // Null is never sent, and an operation without input sends an object.
    let body = ProtocolShapes.withoutNulls(test["params"] ?? .object([])).json(.wire)
    let call = AWSCall<Bool>(
      operation: .describeOrganization, headers: headers, body: body, value: { _ in true },
      error: { _ in nil })
    let client = OneReply(response: HTTPResponse(status: 200), path: path).client
    let request = client.request(
      call, OneGate.credentials,
      AWSClient.Attempt(number: 1, of: 3, invocation: "i", timeout: .seconds(1)),
      at: ManualTime.mockup)
    let sent = try JSONValue.read(request.body)
    let meant = try expected["body"]?.string.map { try JSONValue.read($0.bytes) } ?? .object([])
    return request.method == expected.ascii("method")
      && request.url == "https://example.com" + (expected.ascii("uri") ?? "")
      && headers.allSatisfy { header in
        request.headers.contains { $0.name == header.name && $0.value == header.value }
      }
      && ProtocolShapes(.null).isEqual(sent, meant)
  }
}

/// A server that has one reply.
private struct OneReply: HTTPTransport {
  let response: HTTPResponse
  var path = ""

  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse { response }

  var client: AWSClient {
    let time = ManualTime()
    return AWSClient(
      endpoint: Endpoint(
        url: "https://example.com" + path, host: "example.com", path: path,
        signingRegion: "us-east-1", signingName: "organizations", origin: .builtIn),
      transport: self, time: time, random: SeededBytes(), sleeper: Impatient(),
      agent: UserAgent(version: "1"), connectTimeout: .seconds(3),
      retry: RetryStrategy(maxAttempts: 1), quota: RetryQuota(), skews: SkewMemory(), log: .none)
  }

  private struct Impatient: Sleeper {
    func sleep(_ span: Span) async {}
  }
}

private struct OneGate: CallGate {
  static let credentials = Credentials(
    AccessKeys(id: "AKIDEXAMPLE", secret: Secret("secret")), source: .environment)

  func admit(_ operation: Model.Operation) async throws(BackendError) -> Credentials {
    Self.credentials
  }

  func ended(_ credentials: Credentials) async {}
  func throttled(_ operation: Model.Operation, for pause: Span?) async {}
}
