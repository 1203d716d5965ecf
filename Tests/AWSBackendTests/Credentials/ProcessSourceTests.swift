import Model
import Platform
import Signing
import TestSupport
import Testing
import Text

@testable import AWSBackend

@Suite("Credentials from a program (SEC-5.9)")
struct ProcessSourceTests {
  private static let config = """
    [default]
    credential_process = /opt/tool --password 'hunter2 secret'
    """
  private static let keys = #""AccessKeyId":"AKIDPROCESS","SecretAccessKey":"process-secret""#

  private func scene(
    _ ending: Result<Secret, ProcessFault>, environment: [String: String] = [:]
  ) throws -> (SourceScene, ProcessSource) {
    let scene = try SourceScene(
      config: Self.config, environment: environment, processes: ScriptedProcesses(ending))
    let command = try #require(scene.context.settings.section?.text("credential_process"))
    return (scene, ProcessSource(context: scene.context, command: command))
  }

  private func source(printing text: String) throws -> ProcessSource {
    try scene(.success(Secret(text))).1
  }

  @Test("a document of version 1 gives its credentials, token, expiry and account")
  func whole() async throws {
    let source = try source(
      printing: #"{"Version":1,\#(Self.keys),"SessionToken":"process-token","#
        + #""Expiration":"2026-11-22T18:00:00.5+02:00","AccountId":"999900001111"}"#)
    let credentials = try await source.load()
    #expect(credentials.keys.id == "AKIDPROCESS")
    #expect(credentials.keys.secret == Secret("process-secret"))
    #expect(credentials.keys.sessionToken == Secret("process-token"))
    #expect(credentials.expires == Timestamp(iso8601: "2026-11-22T16:00:00.500Z".utf8))
    #expect(credentials.account == AccountID("999900001111"))
    #expect(credentials.source == .process)
    #expect(!shown(credentials).contains("process-secret"))
    #expect(!shown(credentials).contains("process-token"))
  }

  @Test("without an Expiration they do not expire, and an empty token is no token")
  func endless() async throws {
    let credentials = try await source(
      printing: #"{"Version":1,\#(Self.keys),"SessionToken":"","AccountId":"not an id"}"#
    ).load()
    #expect(credentials.expires == nil)
    #expect(credentials.keys.sessionToken == nil)
    #expect(credentials.account == nil)
  }

  @Test(
    "the expiry is a time by RFC 3339",
    arguments: [
      "2026-11-22T15:00:00Z", "2026-11-22t15:00:00z", "2026-11-22 15:00:00+00:00",
      "2026-11-22T10:00:00.000000-05:00", "2026-11-22T15:00:00.000000000Z",
    ])
  func ends(_ text: String) async throws {
    let credentials = try await source(
      printing: #"{"Version":1,\#(Self.keys),"Expiration":"\#(text)"}"#
    ).load()
    #expect(credentials.expires == Timestamp(iso8601: "2026-11-22T15:00:00Z".utf8))
  }

  @Test(
    "any other document is refused, and its content is not reported",
    arguments: [
      ("", .unreadable), ("process-secret", .unreadable), ("[]", .unreadable),
      (#"{\#(keys)}"#, .unreadable), (#"{"Version":2,\#(keys)}"#, .unreadable),
      (#"{"Version":"1",\#(keys)}"#, .unreadable),
      (#"{"Version":1,"SecretAccessKey":"process-secret"}"#, .unreadable),
      (#"{"Version":1,"AccessKeyId":"AKIDPROCESS"}"#, .unreadable),
      (#"{"Version":1,"AccessKeyId":7,"SecretAccessKey":"process-secret"}"#, .unreadable),
      (#"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"process-secret\r\nX: y"}"#, .unreadable),
      (#"{"Version":1,\#(keys),"Expiration":"soon, process-secret"}"#, .unreadable),
      (#"{"Version":1,\#(keys),"Expiration":1795357930}"#, .unreadable),
      (#"{"Version":1,\#(keys)} process-secret"#, .unreadable),
      (#"{"Version":1,\#(keys),"Expiration":"2026-11-22T14:32:10Z"}"#, .expired),
    ] as [(String, CredentialsFault.Problem)])
  func refused(_ row: (text: String, problem: CredentialsFault.Problem)) async throws {
    let fault = try await #require(try source(printing: row.text).fault())
    #expect(fault.problem == row.problem)
    #expect(fault.source == .process)
    #expect(fault.profile == Untrusted("default"))
    let told = shown(fault) + fault.detail.plain
    #expect(!told.contains("process-secret") && !told.contains("AKIDPROCESS"))
    #expect(!told.contains("hunter2"))
  }

  @Test("it is run with its words and a limit of one minute, without the terminal")
  func called() async throws {
    let (scene, source) = try scene(.failure(.unexpected), environment: ["PATH": "/bin"])
    _ = await source.fault()
    let call = try #require(scene.processes.calls.first)
    #expect(call.arguments == ["/opt/tool", "--password", "hunter2 secret"])
    #expect(call.limit == .seconds(60))
    #expect(call.loan == .none)
  }

  @Test("it gets none of the environment's credentials: half of a pair stops every SDK")
  func environmentKeys() async throws {
    let rest = [
      "PATH": "/bin", "AWS_REGION": "eu-west-1", "HTTPS_PROXY": "http://p:1",
      "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1/x",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/token",
    ]
    let keys = [
      "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN",
      "AWS_CREDENTIAL_EXPIRATION",
    ]
    func seen(_ environment: [String: String]) async throws -> [String: String]? {
      let (scene, source) = try scene(.failure(.unexpected), environment: environment)
      _ = await source.fault()
      return scene.processes.calls.first?.environment
    }
    for count in 0...keys.count {
      var environment = rest
      for name in keys.prefix(count) { environment[name] = "of another" }
      #expect(try await seen(environment) == rest)
    }
    let token = ["AWS_CONTAINER_AUTHORIZATION_TOKEN": "of another"]
    let left = ["PATH": "/bin", "AWS_REGION": "eu-west-1", "HTTPS_PROXY": "http://p:1"]
    #expect(try await seen(rest.merging(token) { $1 }) == left)
  }

  @Test("a terminal that is lent is passed on, with the time that a person needs")
  func lent() async throws {
    struct Lender: LoginDialogue {
      func oneTimeCode(device: Untrusted, profile: Untrusted) async -> OneTimeCode? { nil }
      func visit(_ invitation: BrowserLogin) async {}
      func lendTerminal<Value: Sendable>(
        for profile: Untrusted, _ body: @Sendable (TerminalLoan) async -> Value
      ) async -> Value {
        await body(profile == Untrusted("default") ? .whole : .none)
      }
    }
    let scene = try SourceScene(
      config: Self.config, processes: ScriptedProcesses(.failure(.unexpected)), dialogue: Lender())
    let command = try #require(scene.context.settings.section?.text("credential_process"))
    _ = await ProcessSource(context: scene.context, command: command).fault()
    let call = try #require(scene.processes.calls.first)
    #expect(call.loan == .whole)
    #expect(call.limit == .minutes(10))
  }

  @Test(
    "its exit status is the fault's kind, and its standard error the detail",
    arguments: [
      (.notStarted, .misconfigured), (.failed, .refused), (.timedOut, .unreachable),
      (.tooMuchOutput, .unreadable),
    ] as [(ProcessFault.Kind, CredentialsFault.Problem)])
  func ended(_ row: (kind: ProcessFault.Kind, problem: CredentialsFault.Problem)) async throws {
    let (_, source) = try scene(.failure(ProcessFault(row.kind, detail: Untrusted("said"))))
    let fault = await source.fault()
    #expect(fault?.problem == row.problem)
    #expect(fault?.detail == Untrusted("said"))
  }

  @Test("a file that any user may change runs no program, and neither does an unclosed quotation")
  func notRun() async throws {
    let file = ConfigSource(.config, path: "/home/operator/.aws/config", home: "/home/operator")
    for (text, problem) in [
      ("/opt/tool", CredentialsFault.Problem.refused), ("'/opt/tool", .misconfigured),
    ] {
      let processes = ScriptedProcesses(.success(Secret("{}")))
      let scene = try SourceScene(processes: processes)
      var file = file
      if problem == .refused { file.doubt = PathDoubt(path: "/home/operator/.aws", .mode(0o777)) }
      let source = ProcessSource(
        context: scene.context, command: Located(Untrusted(text), .line(2, of: file)))
      #expect(await source.fault()?.problem == problem)
      #expect(processes.calls.isEmpty)
    }
  }
}

@Suite("A credential_process is split as the AWS CLI splits it")
struct CommandLineSplitTests {
  /// Returns what Python's `shlex.split` returns; nil where it raises.
  static let rows: [(line: String, words: [String]?)] = [
    ("tool", ["tool"]),
    ("  tool  a\tb\r\nc ", ["tool", "a", "b", "c"]),
    ("tool 'a b'", ["tool", "a b"]),
    ("tool \"a b\"", ["tool", "a b"]),
    ("tool a\\ b", ["tool", "a b"]),
    ("tool \"a\\\"b\"", ["tool", "a\"b"]),
    ("tool \"a\\nb\"", ["tool", "a\\nb"]),
    ("tool 'a\\b'", ["tool", "a\\b"]),
    ("tool \"a\\\\b\"", ["tool", "a\\b"]),
    ("tool ''", ["tool", ""]),
    ("tool \"\"x", ["tool", "x"]),
    ("tool a\"b\"c'd'", ["tool", "abcd"]),
    ("tool $HOME `x` | y # z; v", ["tool", "$HOME", "`x`", "|", "y", "#", "z;", "v"]),
    ("tool --key='v w' ~", ["tool", "--key=v w", "~"]),
    ("\\tool", ["tool"]),
    ("'/opt/my tool' x", ["/opt/my tool", "x"]),
    ("tool é 'ü'", ["tool", "é", "ü"]),
    ("\"\\ \"", ["\\ "]),
    ("a\\\nb", ["a\nb"]),
    ("a\\'b", ["a'b"]),
    ("\"a'b\"", ["a'b"]),
    ("", []), (" \ta\n", ["a"]), ("a''b \"\"", ["ab", ""]),
    ("'a", nil),
    ("\"a", nil),
    ("a\\", nil),
    ("'a\"", nil),
    ("\"a\\\"", nil),
    ("a 'b' \"c", nil),
  ]

  @Test("POSIX quotes and backslashes, and nothing else of a shell", arguments: rows)
  func words(_ row: (line: String, words: [String]?)) {
    let words = CommandLineSplit.arguments(Array(row.line.utf8))
    #expect(words?.map { String(decoding: $0, as: UTF8.self) } == row.words)
  }
}
