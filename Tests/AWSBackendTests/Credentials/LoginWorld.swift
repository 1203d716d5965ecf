import Model
import Platform
import Signing
import Synchronization
import TestSupport
import Text
import Wire

@testable import AWSBackend

/// The services that people log in with, the files of the logins, and a person.
final class LoginWorld: AWSFiles, HTTPTransport, LoginDialogue, Sleeper {
  enum Answer: Sendable {
    case reply(Int, String)
    case broken(HTTPFailure.Kind)
  }

  private struct State {
    var files: [String: [UInt8]]
    var requests: [HTTPRequest] = []
    var answers: [Answer] = []
    var writings = 0
    var isReadOnly = false
    /// Written by another program while the next request is in flight.
    var meanwhile: (path: String, text: String)?
    var visits: [BrowserLogin] = []
    var sleeps: [Span] = []
    var cancelAfter: Int?
  }

  static let home = "/home/operator"
  static let session = """
    [default]
    region = eu-west-1
    max_attempts = 1
    sso_session = corp
    sso_account_id = 111122223333
    sso_role_name = Auditor
    [sso-session corp]
    sso_region = eu-west-1
    sso_start_url = https://corp.awsapps.com/start

    """
  /// The path of the cached token, named by the SHA-1 of `corp`.
  static let sessionFile = home + "/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json"

  let time = ManualTime()
  private let state: Mutex<State>

  init(config: String = session, files: [String: String] = [:], _ answers: [Answer] = []) {
    var all = files.mapValues { Array($0.utf8) }
    all[Self.home + "/.aws/config"] = Array(config.utf8)
    state = Mutex(State(files: all, answers: answers))
  }

  var requests: [HTTPRequest] { state.withLock { $0.requests } }
  var lines: [String] { requests.map { "\($0.method) \($0.url)" } }
  var visits: [BrowserLogin] { state.withLock { $0.visits } }
  var sleeps: [Span] { state.withLock { $0.sleeps } }
  var writings: Int { state.withLock { $0.writings } }

  func text(_ path: String) -> String? {
    state.withLock { $0.files[path] }.map { String(decoding: $0, as: UTF8.self) }
  }
  func answer(_ answer: Answer) { state.withLock { $0.answers.append(answer) } }
  func setReadOnly() { state.withLock { $0.isReadOnly = true } }
  func remove(_ path: String) { state.withLock { $0.files[path] = nil } }
  func write(_ path: String, _ text: String) {
    state.withLock { $0.files[path] = Array(text.utf8) }
  }
  func meanwhile(_ path: String, _ text: String) {
    state.withLock { $0.meanwhile = (path, text) }
  }
  /// The person cancels while the program waits for the `count`th time.
  func cancel(afterSleeps count: Int) { state.withLock { $0.cancelAfter = count } }

  var context: SourceContext {
    get throws {
      SourceContext(world, try AWSSettings.load(world: world, profile: nil), userAgent: "test/1")
    }
  }

  var world: AWSWorld {
    AWSWorld(
      environment: [:], home: Self.home, files: self, transport: self, processes: NoOutside(),
      dialogue: self, time: time, random: SeededBytes(), sleeper: self)
  }

  /// The sources as the chain makes them.
  func source() throws -> any CredentialsSource {
    let world = world
    return try CredentialsChain(
      world: world, settings: try AWSSettings.load(world: world, profile: nil), userAgent: "test/1"
    ).source()
  }

  func tokens() throws -> SSOTokenSource {
    let context = try context
    let profiles = context.settings.profiles
    guard let section = profiles.profile("default"),
      let settings = try SSOSettings.read(section, profiles)
    else { throw Absent() }
    return SSOTokenSource(context, settings)
  }

  struct Absent: Error {}

  // MARK: What the code under test asks for

  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    let answer = state.withLock { state -> Answer in
      state.requests.append(request)
      if let (path, text) = state.meanwhile { state.files[path] = Array(text.utf8) }
      state.meanwhile = nil
      return state.answers.isEmpty ? .broken(.other) : state.answers.removeFirst()
    }
    switch answer {
    case .reply(let status, let body): return HTTPResponse(status: status, body: Array(body.utf8))
    case .broken(let kind): throw HTTPFailure(kind, sent: true, detail: Untrusted("broken"))
    }
  }

  func readJudged(_ path: String) throws(AWSFileFault) -> JudgedFile? {
    state.withLock { $0.files[path] }.map { JudgedFile(bytes: $0, doubt: nil) }
  }

  func judge(_ path: String) -> PathDoubt? { nil }

  func replace(_ path: String, with bytes: [UInt8]) throws(AWSFileFault) {
    let isDone = state.withLock { state in
      guard !state.isReadOnly else { return false }
      state.files[path] = bytes
      state.writings += 1
      return true
    }
    if !isDone { throw AWSFileFault(path: path, detail: "no space left on device") }
  }

  func oneTimeCode(device: Untrusted, profile: Untrusted) async -> OneTimeCode? { nil }
  func visit(_ invitation: BrowserLogin) async { state.withLock { $0.visits.append(invitation) } }

  func sleep(_ span: Span) async {
    time.pass(span)
    let isCancelled = state.withLock { state in
      state.sleeps.append(span)
      return state.cancelAfter == state.sleeps.count
    }
    if isCancelled { withUnsafeCurrentTask { $0?.cancel() } }
  }
}

extension LoginWorld {
  /// Every textual representation of a value.
  static func everything(of value: Any?) -> String {
    var text = String(describing: value) + String(reflecting: value)
    dump(value, to: &text)
    return text
  }

  static func fault<Value>(
    of body: () async throws -> Value
  ) async -> CredentialsFault? {
    do {
      _ = try await body()
      return nil
    } catch {
      return error as? CredentialsFault
    }
  }

  static func body(_ request: HTTPRequest) -> String {
    String(decoding: request.body, as: UTF8.self)
  }

  static func header(_ name: String, of request: HTTPRequest) -> String? {
    request.headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}
