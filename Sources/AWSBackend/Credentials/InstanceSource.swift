import Model
import Signing
import Text
import Wire

/// The source of an EC2 instance's role credentials, from its metadata service.
///
/// It uses version 2 and, as the AWS CLI does, version 1 if the service gives no token or the
/// token's reply does not arrive, unless version 1 is disabled.
///
/// If the service returns expired credentials, or none, the last ones are used for 10 to 15 minutes
/// more at a time, up to 12 hours after their expiry: AWS keeps accepting them while its own side
/// cannot create new ones.
actor InstanceSource: CredentialsSource {
  /// The time after their expiry for which credentials are still tried.
  static let longestExtension = Span.hours(12)
  static let attempts = 3
  private static let tokenLife = 21_600
  private static let folder = "/latest/meta-data/iam/security-credentials/"

  private let context: SourceContext
  /// Whether the profile names this source; false if the chain tries it last.
  private let isChosen: Bool
  private var token: (text: String, ends: Span)?
  private var last: Credentials?
  /// The keys that a service rejected as expired; never extended again.
  private var dropped: AccessKeys?

  init(_ context: SourceContext, isChosen: Bool) {
    self.context = context
    self.isChosen = isChosen
  }

  /// Fetches the role's credentials; extends the last ones if the service has no newer ones.
  ///
  /// - Throws: `CredentialsFault` if the settings are invalid or disable the service, there is no
  ///   service or role, the service refuses, or no credentials can be extended.
  func load() async throws(CredentialsFault) -> Credentials {
    let settings: InstanceMetadataSettings
    do {
      settings = try context.settings.instanceMetadata()
    } catch {
      throw context.fault(.misconfigured, from: .instanceMetadata, error.sentence)
    }
    guard !settings.isDisabled.value else {
      throw absent("instance metadata is disabled")
    }
    do throws(CredentialsFault) {
      let fresh = try await fetched(settings)
      if fresh.keys == dropped, fresh.expires.map({ $0 <= context.world.time.now() }) == true {
        throw fault(.expired, "it still returns expired keys")
      }
      last = fresh
      return extended(fresh)
    } catch {
      if [.unreachable, .throttled, .unreadable].contains(error.problem), let last,
        let end = last.expires, context.world.time.now() < end + Self.longestExtension
      {
        return extended(last)
      }
      throw error
    }
  }

  /// Discards the credentials and prevents their extension.
  func drop(_ ended: Credentials) async {
    dropped = ended.keys
    if last?.keys == ended.keys { last = nil }
  }

  /// Returns credentials with an expiry in the future, if theirs has passed or is less than a
  /// minute away.
  private func extended(_ credentials: Credentials) -> Credentials {
    let now = context.world.time.now()
    guard let end = credentials.expires, end <= now + CredentialsCache.mandatory,
      now < end + Self.longestExtension
    else { return credentials }
    var credentials = credentials
    let jitter = Int64(context.world.random.fraction() * 300_000)
    credentials.expires = now + .minutes(10) + Span(milliseconds: jitter)
    return credentials
  }

  // MARK: Requests

  private func fetched(
    _ settings: InstanceMetadataSettings
  ) async throws(CredentialsFault) -> Credentials {
    var session = try await session(settings)
    let names = try await get(Self.folder, &session, settings)
    let role = names.prefix { $0 != 0x0A && $0 != 0x0D }
    guard !role.isEmpty,
      role.allSatisfy({ (0x21...0x7E).contains($0) && !"/?#%".utf8.contains($0) })
    else { throw fault(.unreadable, "the list of roles is empty") }
    let path = Self.folder + String(decoding: role, as: UTF8.self)
    let body = try await get(path, &session, settings)
    guard let value = try? JSONValue.read(body), value.object != nil else {
      throw fault(.unreadable, "the role's keys are not a JSON object")
    }
    if let code = value["Code"]?.string, code != Untrusted("Success") {
      throw context.fault(.refused, from: .instanceMetadata, code)
    }
    do {
      return try KeyDocument(value, tokenName: "Token", needsToken: true)
        .credentials(.instanceMetadata)
    } catch {
      throw fault(.unreadable, error.detail)
    }
  }

  /// Returns the body of a reply with status 200; a rejected token is replaced once.
  ///
  /// - Throws: `CredentialsFault` if there is no such reply.
  private func get(
    _ path: String, _ session: inout Session, _ settings: InstanceMetadataSettings
  ) async throws(CredentialsFault) -> [UInt8] {
    for isSecond in [false, true] {
      let response: HTTPResponse
      do throws(HTTPFailure) {
        response = try await ask("GET", path, session.headers, settings)
      } catch {
        throw unanswered(error, session)
      }
      switch (response.status, session) {
      case (200, _): return response.body
      case (401, .version1(let why)):
        throw fault(.refused, "it asks for a token, and \(why)")
      case (401, .token):
        token = nil
        if !isSecond { session = try await self.session(settings) }
      case (404, _): throw absent("the instance has no role")
      case (429, _): throw fault(.throttled, "it answered status 429")
      case (500..., _): throw fault(.unreachable, "HTTP status \(response.status)")
      default: throw fault(.refused, "HTTP status \(response.status)")
      }
    }
    throw fault(.refused, "it rejected its own token")
  }

  // MARK: The token

  /// The authorization of the requests to the service.
  private enum Session {
    case token(String)
    /// Without a token; the text says why there is none.
    case version1(String)

    var headers: [(name: String, value: String)] {
      if case .token(let text) = self { [("x-aws-ec2-metadata-token", text)] } else { [] }
    }
  }

  private static let noAnswer =
    "no token comes through (in a container, the instance's hop limit must be 2: aws ec2 "
    + "modify-instance-metadata-options --http-put-response-hop-limit 2)"

  private func session(
    _ settings: InstanceMetadataSettings
  ) async throws(CredentialsFault) -> Session {
    let uptime = context.world.time.uptime()
    if let token, uptime < token.ends { return .token(token.text) }
    let header = "x-aws-ec2-metadata-token-ttl-seconds"
    let response: HTTPResponse
    do throws(HTTPFailure) {
      response = try await ask(
        "PUT", "/latest/api/token", [(header, String(Self.tokenLife))], settings)
    } catch {
      // The service is reachable, but the reply with the token does not arrive.
      guard error.kind == .timeout, error.sent else { throw unanswered(error, nil) }
      return try version1(Self.noAnswer, settings)
    }
    switch response.status {
    case 200: break
    case 403, 404, 405:
      return try version1("it gives no token (status \(response.status))", settings)
    case 429: throw fault(.throttled, "no token: status 429")
    case 500...: throw fault(.unreachable, "no token: status \(response.status)")
    default: throw absent("no token: status \(response.status)")
    }
    guard !response.body.isEmpty, Header.isValue(response.body),
      let text = String(validating: response.body, as: UTF8.self)
    else { throw fault(.unreadable, "the token is not text") }
    let life = response.header(header)?.asciiText.flatMap { Int64($0) } ?? Int64(Self.tokenLife)
    // Renewed two minutes early, so that it does not expire in transit.
    token = (text, uptime + .seconds(max(0, min(life, Int64(Self.tokenLife)) - 120)))
    return .token(text)
  }

  private func version1(
    _ why: String, _ settings: InstanceMetadataSettings
  ) throws(CredentialsFault) -> Session {
    guard settings.isVersion1Disabled.value else { return .version1(why) }
    let name = settings.isVersion1Disabled.origin.text
    throw context.fault(
      .refused, from: .instanceMetadata,
      Untrusted(bytes: Array("\(why), and version 1 is disabled by ".utf8) + name.bytes))
  }

  // MARK: One request

  private func ask(
    _ method: String, _ path: String, _ headers: [(name: String, value: String)],
    _ settings: InstanceMetadataSettings
  ) async throws(HTTPFailure) -> HTTPResponse {
    let said = settings.attempts
    var asking = CredentialsRequester(
      context, attempts: said.origin == .builtIn ? Self.attempts : said.value)
    // Outside an instance nothing answers at that address, and the start must not wait for it.
    asking.retriesConnecting = false
    asking.retriesTimeouts = method == "GET"
    let timeout = settings.timeout.value
    let url = settings.endpoint.url + path
    let userAgent = context.userAgent
    return try await asking.send {
      var request = HTTPRequest(method, url, headers: headers + [("User-Agent", userAgent)])
      request.connectTimeout = timeout
      request.attemptTimeout = timeout
      request.usesProxy = false
      return request
    }
  }

  /// Returns the fault for a request without a reply; `session` is nil for the request of the
  /// token.
  private func unanswered(_ failure: HTTPFailure, _ session: Session?) -> CredentialsFault {
    if case .version1(let why) = session, failure.sent {
      return fault(.unreachable, "it does not answer without a token, and \(why)")
    }
    return isChosen || last != nil
      ? context.fault(failure, from: .instanceMetadata) : absent("not on an instance")
  }

  /// Returns the fault of an absent service or role; at the end of the chain it says that nothing
  /// is configured.
  private func absent(_ detail: String) -> CredentialsFault {
    isChosen
      ? fault(.missing, detail)
      : context.fault(.missing, from: .chain, "nothing is configured and \(detail)")
  }

  private func fault(_ problem: CredentialsFault.Problem, _ detail: String) -> CredentialsFault {
    context.fault(problem, from: .instanceMetadata, detail)
  }
}
