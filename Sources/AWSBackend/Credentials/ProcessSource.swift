import Model
import Signing
import Text
import Wire

/// The source of keys that a program of the operator prints (`credential_process`) (SEC-5.9,
/// SEC-5.10).
struct ProcessSource: CredentialsSource {
  let context: SourceContext
  let command: Located<Untrusted>

  /// The time limit of a program that cannot use the terminal.
  static let limit = Span.seconds(60)
  /// The time limit of a program that has the terminal and may ask a person.
  static let lentLimit = Span.minutes(10)

  /// The variables that the program does not get: keys of another identity than the one that it is
  /// asked for.
  ///
  /// All are removed, since every SDK stops at half of a pair. A proxy's password remains, since
  /// the program may need the proxy as we do.
  private static let keys: Set = [
    "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
  ]
  /// The variable with a container's token; if it is set, the program gets neither it nor the
  /// address, which is useless without it.
  private static let containerToken = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
  private static let container: Set = [
    ContainerSource.relative, ContainerSource.full, containerToken, containerToken + "_FILE",
  ]

  private var environment: [String: String] {
    let all = context.world.environment
    let hasToken = all[Self.containerToken] != nil
    return all.filter {
      !Self.keys.contains($0.key) && !(hasToken && Self.container.contains($0.key))
    }
  }

  /// Runs the program and reads the keys in its output.
  ///
  /// - Throws: `CredentialsFault` with `.refused` if other users can change the file that names the
  ///   program or the program fails, `.misconfigured` if the command is invalid or cannot be
  ///   started, `.unreachable` after the time limit, `.unreadable` if the output is invalid, or
  ///   `.expired` if its keys have expired.
  func load() async throws(CredentialsFault) -> Credentials {
    // Checked when the file was read, on the descriptor that the command was read from.
    if case .line(_, let file) = command.origin, let doubt = file.doubt {
      throw context.fault(
        .refused, from: .process,
        Untrusted(
          bytes: Array(
            "other users can change or replace the file that names the program: ".utf8)
            + doubt.words.bytes))
    }
    guard let words = CommandLineSplit.arguments(command.value.bytes), !words.isEmpty else {
      throw fault(.misconfigured, "credential_process has an unclosed quote")
    }
    let output: JSONValue
    do throws(ProcessFault) {
      let text = try await run(words)
      output = (try? JSONValue.read(text.revealed)) ?? .null
    } catch {
      throw fault(error)
    }
    return try read(output)
  }

  private func run(_ words: [[UInt8]]) async throws(ProcessFault) -> Secret {
    let arguments = words.map { String(decoding: $0, as: UTF8.self) }
    let (environment, processes) = (environment, context.world.processes)
    let dialogue = context.world.dialogue
    let outcome = await dialogue.lendTerminal(for: context.profile) {
      loan -> Result<Secret, ProcessFault> in
      do throws(ProcessFault) {
        return .success(
          try await processes.run(
            arguments, environment: environment,
            limit: loan == .none ? Self.limit : Self.lentLimit, loan: loan))
      } catch { return .failure(error) }
    }
    return try outcome.get()
  }

  private func read(_ output: JSONValue) throws(CredentialsFault) -> Credentials {
    guard output.object != nil else { throw fault(.unreadable, "its output is not a JSON object") }
    guard output["Version"]?.number?.int == 1 else {
      throw fault(.unreadable, "its output does not have Version 1")
    }
    let document: KeyDocument
    do {
      document = try KeyDocument(output, tokenName: "SessionToken", needsToken: false)
    } catch {
      throw fault(.unreadable, error.detail)
    }
    if let expires = document.expires, expires <= context.world.time.now() {
      throw fault(.expired, "it returned expired keys")
    }
    return document.credentials(.process)
  }

  private func fault(_ process: ProcessFault) -> CredentialsFault {
    let problem: CredentialsFault.Problem =
      switch process.kind {
      case .notStarted: .misconfigured
      case .failed: .refused
      case .timedOut: .unreachable
      case .tooMuchOutput: .unreadable
      }
    return context.fault(problem, from: .process, process.detail)
  }

  private func fault(_ problem: CredentialsFault.Problem, _ detail: String) -> CredentialsFault {
    context.fault(problem, from: .process, detail)
  }
}
