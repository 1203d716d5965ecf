import Model
import Signing
import Text
import Wire

/// Keys that a program of the operator prints (`credential_process`).
struct ProcessSource: CredentialsSource {
  let context: SourceContext
  let command: Located<Untrusted>

  static let limit = Span.seconds(60)

  /// Not given to the program: keys of an identity that is not the one it is asked for. A proxy's
  /// password stays, since the program may need the proxy as much as we do.
  static let withheld: Set = [
    "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  ]

  func load() async throws(CredentialsFault) -> Credentials {
    // Judged when it was read, on the descriptor from which these very bytes came.
    if case .line(_, let file) = command.origin, let doubt = file.doubt {
      throw context.fault(
        .refused, from: .process,
        Untrusted(
          bytes: Array(
            "others may change the file that names the program, or put another in its place: ".utf8)
            + doubt.words.bytes))
    }
    guard let words = CommandLineSplit.arguments(command.value.bytes), !words.isEmpty else {
      throw fault(.misconfigured, "credential_process has a quotation without an end")
    }
    let output: JSONValue
    do throws(ProcessFault) {
      let text = try await context.world.processes.run(
        words.map { String(decoding: $0, as: UTF8.self) },
        environment: context.world.environment.filter { !Self.withheld.contains($0.key) },
        limit: Self.limit)
      output = (try? JSONValue.read(text.revealed)) ?? .null
    } catch {
      throw fault(error)
    }
    return try read(output)
  }

  private func read(_ output: JSONValue) throws(CredentialsFault) -> Credentials {
    guard output.object != nil else { throw fault(.unreadable, "its output is no JSON object") }
    guard output["Version"]?.number?.int == 1 else {
      throw fault(.unreadable, "its output is not of Version 1")
    }
    let document: KeyDocument
    do {
      document = try KeyDocument(output, tokenName: "SessionToken", needsToken: false)
    } catch {
      throw fault(.unreadable, error.detail)
    }
    if let expires = document.expires, expires <= context.world.time.now() {
      throw fault(.expired, "it gave keys that have ended")
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
