import Model
import Signing
import Text
import Wire

/// Keys of an EC2 instance's role, from its metadata service: version 2 only, never version 1.
///
/// When the service gives keys that have ended, or none, the last ones are used for 10 to 15 minutes
/// more at a time: AWS keeps honouring them while its own side cannot make new ones. Not for ever.
actor InstanceSource: CredentialsSource {
  /// How long past their end keys are still tried.
  static let longestExtension = Span.hours(12)
  static let attempts = 3
  private static let tokenLife = 21_600
  private static let folder = "/latest/meta-data/iam/security-credentials/"

  private let context: SourceContext
  /// Whether the profile asks for this source by name, or the chain only tries it at its end.
  private let isChosen: Bool
  private var token: (text: String, ends: Span)?
  private var last: Credentials?
  /// What the service asked with them says have ended: never extended again.
  private var dropped: AccessKeys?

  init(_ context: SourceContext, isChosen: Bool) {
    self.context = context
    self.isChosen = isChosen
  }

  func load() async throws(CredentialsFault) -> Credentials {
    let settings: InstanceMetadataSettings
    do {
      settings = try context.settings.instanceMetadata()
    } catch {
      throw context.fault(.misconfigured, from: .instanceMetadata, error.sentence)
    }
    guard !settings.isDisabled.value else {
      throw absent("AWS_EC2_METADATA_DISABLED is set")
    }
    do throws(CredentialsFault) {
      let fresh = try await fetched(settings)
      if fresh.keys == dropped, fresh.expires.map({ $0 <= context.world.time.now() }) == true {
        throw fault(.expired, "it still gives keys that have ended")
      }
      last = fresh
      return extended(fresh)
    } catch {
      if [.unreachable, .unreadable].contains(error.problem), let last,
        let end = last.expires, context.world.time.now() < end + Self.longestExtension
      {
        return extended(last)
      }
      throw error
    }
  }

  func drop(_ ended: Credentials) async {
    dropped = ended.keys
    if last?.keys == ended.keys { last = nil }
  }

  /// Keys that have ended, or are about to, with an end that lies ahead.
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

  // MARK: Asking

  private func fetched(
    _ settings: InstanceMetadataSettings
  ) async throws(CredentialsFault) -> Credentials {
    let names = try await get(Self.folder, settings)
    let role = names.prefix { $0 != 0x0A && $0 != 0x0D }
    guard !role.isEmpty,
      role.allSatisfy({ (0x21...0x7E).contains($0) && !"/?#%".utf8.contains($0) })
    else { throw fault(.unreadable, "the list of roles names none") }
    let body = try await get(Self.folder + String(decoding: role, as: UTF8.self), settings)
    guard let value = try? JSONValue.read(body), value.object != nil else {
      throw fault(.unreadable, "the role's keys are no JSON object")
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

  /// A token that the service no longer knows is replaced once.
  private func get(
    _ path: String, _ settings: InstanceMetadataSettings
  ) async throws(CredentialsFault) -> [UInt8] {
    for _ in 0..<2 {
      let token = try await token(settings)
      let response = try await ask(
        "GET", path, [("x-aws-ec2-metadata-token", token)], settings)
      switch response.status {
      case 200: return response.body
      case 401: self.token = nil
      case 404: throw absent("the instance has no role")
      case 500...: throw fault(.unreachable, "it answered status \(response.status)")
      default: throw fault(.refused, "it answered status \(response.status)")
      }
    }
    throw fault(.refused, "it does not know its own token")
  }

  private func token(
    _ settings: InstanceMetadataSettings
  ) async throws(CredentialsFault) -> String {
    let uptime = context.world.time.uptime()
    if let token, uptime < token.ends { return token.text }
    let header = "x-aws-ec2-metadata-token-ttl-seconds"
    let response = try await ask(
      "PUT", "/latest/api/token", [(header, String(Self.tokenLife))], settings)
    guard response.status == 200 else {
      if response.status >= 500 { throw fault(.unreachable, "no token: \(response.status)") }
      if response.status == 403 {
        throw isChosen
          ? fault(.refused, "request forbidden: IMDS is disabled")
          : absent("the instance's metadata service is disabled")
      }
      throw absent("no token: status \(response.status)")
    }
    guard !response.body.isEmpty, Header.isValue(response.body),
      let text = String(validating: response.body, as: UTF8.self)
    else { throw fault(.unreadable, "the token is no text") }
    let life = response.header(header)?.asciiText.flatMap { Int64($0) } ?? Int64(Self.tokenLife)
    // Renewed a little early, so that it does not end on the way.
    token = (text, uptime + .seconds(max(0, min(life, Int64(Self.tokenLife)) - 120)))
    return text
  }

  private func ask(
    _ method: String, _ path: String, _ headers: [(name: String, value: String)],
    _ settings: InstanceMetadataSettings
  ) async throws(CredentialsFault) -> HTTPResponse {
    let said = settings.attempts
    var asking = Asking(
      context, attempts: said.origin == .builtIn ? Self.attempts : said.value)
    // Elsewhere than on an instance nobody is at that address, and the start must not wait for it.
    asking.retriesConnecting = false
    let timeout = settings.timeout.value
    let url = settings.endpoint.url + path
    let userAgent = context.userAgent
    do throws(HTTPFailure) {
      return try await asking.send {
        var request = HTTPRequest(method, url, headers: headers + [("User-Agent", userAgent)])
        request.connectTimeout = timeout
        request.attemptTimeout = timeout
        request.usesProxy = false
        return request
      }
    } catch {
      throw isChosen || last != nil
        ? context.fault(error, from: .instanceMetadata) : absent("not on an instance")
    }
  }

  /// At the end of the chain, nothing at all is configured then.
  private func absent(_ detail: String) -> CredentialsFault {
    isChosen
      ? fault(.missing, detail)
      : context.fault(.missing, from: .chain, "nothing is configured, and \(detail)")
  }

  private func fault(_ problem: CredentialsFault.Problem, _ detail: String) -> CredentialsFault {
    context.fault(problem, from: .instanceMetadata, detail)
  }
}
