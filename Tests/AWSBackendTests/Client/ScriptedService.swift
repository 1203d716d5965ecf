import Model
import Signing
import Synchronization
import TestSupport
import Text
import Wire

@testable import AWSBackend

/// A transport whose servers are a function of the test, with a record of all that was sent.
final class ScriptedService: HTTPTransport {
  enum Fate: Sendable {
    case reply(HTTPResponse)
    case failure(HTTPFailure)
  }

  /// The request as the server saw it.
  struct Sent: Sendable {
    var request: HTTPRequest

    var operation: Model.Operation? {
      if let target = header("X-Amz-Target") {
        return ServiceProtocol.operation(target: Untrusted(target))
      }
      let isIdentity = request.body.starts(with: "Action=GetCallerIdentity".utf8)
      return isIdentity ? .getCallerIdentity : nil
    }

    func header(_ name: String) -> String? {
      request.headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
  }

  private let time: ManualTime
  private let log = Mutex<[Sent]>([])
  private let answer: @Sendable (_ number: Int, Sent) -> Fate
  /// The duration of each request.
  private let trip: Span

  /// Creates a service whose reply to the n-th request, counted from 1, is that of `answer`.
  ///
  /// Each request moves `time` on by `trip`.
  init(
    _ time: ManualTime, trip: Span = .zero,
    _ answer: @escaping @Sendable (_ number: Int, Sent) -> Fate
  ) {
    self.time = time
    self.trip = trip
    self.answer = answer
  }

  var sent: [Sent] { log.withLock { $0 } }

  func count(_ operation: Model.Operation) -> Int { sent.count { $0.operation == operation } }

  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    if Task.isCancelled { throw .cancelled(sent: false) }
    let sent = Sent(request: request)
    let number = log.withLock { log in
      log.append(sent)
      return log.count
    }
    time.pass(trip)
    switch answer(number, sent) {
    case .reply(let response): return response
    case .failure(let failure): throw failure
    }
  }
}

extension ScriptedService.Fate {
  static func json(
    _ status: Int, _ body: String, headers: [(name: String, value: String)] = []
  ) -> Self {
    .reply(
      HTTPResponse(
        status: status,
        headers: [("content-type", "application/x-amz-json-1.1"), ("x-amzn-requestid", "req-1")]
          .map { (name: $0.0, value: Untrusted($0.1)) }
          + headers.map { (name: $0.name, value: Untrusted($0.value)) },
        body: Array(body.utf8)))
  }

  static func error(
    _ code: String, status: Int = 400, headers: [(name: String, value: String)] = []
  ) -> Self {
    .json(status, "{\"__type\":\"\(code)\",\"Message\":\"m\"}", headers: headers)
  }

  static func lost(_ kind: HTTPFailure.Kind, sent: Bool) -> Self {
    .failure(HTTPFailure(kind, sent: sent, detail: Untrusted("a fault of the test")))
  }

  static let organization = Self.json(
    200,
    """
    {"Organization":{"Id":"o-a1b2c3d4e5","MasterAccountId":"999900001111",\
    "MasterAccountEmail":"m@example.com","FeatureSet":"ALL"}}
    """)

  static func caller(_ account: String) -> Self {
    .reply(
      HTTPResponse(
        status: 200,
        body: Array(
          """
          <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\
          <GetCallerIdentityResult><Arn>arn:aws:iam::\(account):user/vera</Arn>\
          <UserId>AIDA</UserId><Account>\(account)</Account></GetCallerIdentityResult>\
          <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>\
          </GetCallerIdentityResponse>
          """.utf8)))
  }

  static func handshake(_ handshake: Handshake) -> Self {
    .json(200, String(decoding: ServiceResponse.handshake(handshake).body, as: UTF8.self))
  }
}

/// Credentials of which the first may have expired.
final class ScriptedKeys: CredentialsProvider {
  private struct Ring {
    var left: [Credentials]
    var dropped = 0
  }

  private let ring: Mutex<Ring>

  init(_ credentials: [Credentials]) { ring = Mutex(Ring(left: credentials)) }

  convenience init(_ ids: String...) { self.init(ids.map { Self.keys($0) }) }

  static func keys(_ id: String, expires: Timestamp? = nil) -> Credentials {
    Credentials(
      AccessKeys(
        id: id, secret: Secret("hush-\(id)"), sessionToken: Secret("session-\(id)")),
      expires: expires, source: .profile)
  }

  var dropped: Int { ring.withLock { $0.dropped } }

  /// Returns the next credentials from now on.
  func rotate() { ring.withLock { if $0.left.count > 1 { $0.left.removeFirst() } } }

  func credentials() async throws(CredentialsFault) -> Credentials {
    guard let first = ring.withLock({ $0.left.first }) else {
      throw CredentialsFault(
        .expired, from: .sso, profile: Untrusted("test"), detail: Untrusted("log in"))
    }
    return first
  }

  func drop(_ ended: Credentials) async {
    ring.withLock { ring in
      ring.dropped += 1
      ring.left.removeAll { $0.keys == ended.keys }
    }
  }
}
