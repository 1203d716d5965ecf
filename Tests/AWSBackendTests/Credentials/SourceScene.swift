import Model
import Signing
import Synchronization
import TestSupport
import Text

@testable import AWSBackend

/// A source of credentials whose surroundings a test controls.
struct SourceScene {
  let time = ManualTime()
  let transport: ScriptedTransport
  let processes: ScriptedProcesses
  let context: SourceContext

  init(
    config: String = "", environment: [String: String] = [:], files: FilesOfTexts? = nil,
    processes: ScriptedProcesses = ScriptedProcesses(.failure(.unexpected)),
    dialogue: any LoginDialogue = NoDialogue(),
    _ reply: @escaping ScriptedTransport.Reply = { _, _ in .failure(.unexpected) }
  ) throws {
    let settings = SettingsWorld(config: config, environment: environment)
    transport = ScriptedTransport(reply)
    self.processes = processes
    var world = settings.world
    world.transport = transport
    world.processes = processes
    world.dialogue = dialogue
    world.time = time
    world.sleeper = ManualSleeper(time)
    if let files { world.files = files }
    context = SourceContext(world, try settings.settings(), userAgent: "test")
  }
}

/// Answers each request as the test says, given its number from 0, and keeps all requests.
final class ScriptedTransport: HTTPTransport {
  typealias Reply = @Sendable (Int, HTTPRequest) -> Result<HTTPResponse, HTTPFailure>

  private let reply: Reply
  private let sent = Mutex<[HTTPRequest]>([])

  init(_ reply: @escaping Reply) { self.reply = reply }

  var requests: [HTTPRequest] { sent.withLock { $0 } }
  /// The method and URL of each request, as `GET http://…`.
  var lines: [String] { requests.map { "\($0.method) \($0.url)" } }

  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    let number = sent.withLock { sent in
      sent.append(request)
      return sent.count - 1
    }
    return try reply(number, request).get()
  }
}

/// Ends every program alike, and keeps its arguments.
final class ScriptedProcesses: ProcessRunner {
  struct Call: Sendable {
    var arguments: [String]
    var environment: [String: String]
    var limit: Span
    var loan: TerminalLoan
  }

  private let ending: Result<Secret, ProcessFault>
  private let made = Mutex<[Call]>([])

  init(_ ending: Result<Secret, ProcessFault>) { self.ending = ending }

  var calls: [Call] { made.withLock { $0 } }

  func run(
    _ arguments: [String], environment: [String: String], limit: Span, loan: TerminalLoan
  ) async throws(ProcessFault) -> Secret {
    let call = Call(arguments: arguments, environment: environment, limit: limit, loan: loan)
    made.withLock { $0.append(call) }
    return try ending.get()
  }
}

extension HTTPFailure {
  static let unexpected = HTTPFailure(.other, sent: false, detail: Untrusted("not in the script"))
}

extension ProcessFault {
  static let unexpected = ProcessFault(.failed, detail: Untrusted("not in the script"))
}

extension Result where Success == HTTPResponse, Failure == HTTPFailure {
  static func text(_ status: Int, _ body: String = "") -> Self {
    .success(HTTPResponse(status: status, body: Array(body.utf8)))
  }

  static func broken(_ kind: HTTPFailure.Kind, sent: Bool = true) -> Self {
    .failure(HTTPFailure(kind, sent: sent, detail: Untrusted("broken")))
  }
}

extension HTTPRequest {
  func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

extension CredentialsSource {
  func fault() async -> CredentialsFault? {
    do throws(CredentialsFault) {
      _ = try await load()
      return nil
    } catch {
      return error
    }
  }
}

/// Every textual representation of a value.
func shown(_ value: Any?) -> String {
  var text = String(describing: value) + String(reflecting: value)
  dump(value, to: &text)
  return text
}
