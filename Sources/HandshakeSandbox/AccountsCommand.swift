import ArgumentParser
import Foundation
import LocalBackend
import Model
import Platform
import Sandbox
import Signing
import Wire

/// The command `handshake-sandbox accounts`.
struct AccountsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accounts", abstract: "List the accounts of the organization with their keys.")

  @OptionGroup var organization: OrganizationStore
  @OptionGroup var credentials: CredentialsOption

  @Flag(help: "Print JSON, with the secret keys.")
  var json = false

  func run() throws {
    Signals.letThrough()
    let store = try organization.open()
    let accounts = try SandboxAccount.listed(in: store)
    try credentials.write(accounts)
    if json {
      Output.line(JSONValue.array(accounts.map(\.json)))
    } else if credentials.path == nil {
      for account in accounts {
        Output.line("\(account.id.text)  \(account.keys.id)  \(Output.cell(account.name))")
      }
    }
  }
}

/// The option `--credentials-file`, shared by both commands.
struct CredentialsOption: ParsableArguments {
  @Option(
    name: .customLong("credentials-file"),
    help: ArgumentHelp(
      "Write an AWS credentials file with one profile per account (mode 0600).",
      discussion: """
        Profiles have the accounts' names. Name the file in AWS_SHARED_CREDENTIALS_FILE, or use its \
        profiles in a config file with:
          [profile acme-dev]
          region = us-east-1
          endpoint_url = http://127.0.0.1:PORT
        A file that a sandbox did not write is never replaced.
        """, valueName: "file"))
  var path: String?

  func write(_ accounts: @autoclosure () throws -> [SandboxAccount]) throws {
    guard let named = path else { return }
    let path = HomeFolder.expand(named, environment: ProcessInfo.processInfo.environment)
    let accounts = try accounts()
    do throws(CredentialsFile.Failure) {
      try CredentialsFile.write(accounts, to: path)
    } catch { throw SandboxFailure(error) }
  }
}

extension SandboxAccount {
  /// Returns the accounts of `store` with their keys, creating the store's seed if it is missing.
  ///
  /// - Throws: `CommandFailure` if the seed file cannot be read, is unsafe or cannot be created, or
  ///   if the store cannot be read.
  static func listed(in store: Store) throws(SandboxFailure) -> [SandboxAccount] {
    let found: Result<[SandboxAccount], SandboxAccount.Failure> = Blocking.run {
      do throws(SandboxAccount.Failure) {
        return .success(try await SandboxAccount.all(in: store, random: SystemRandom()))
      } catch { return .failure(error) }
    }
    switch found {
    case .success(let accounts): return accounts
    case .failure(let error): throw SandboxFailure(error)
    }
  }

  /// The account as JSON with its secret key.
  ///
  /// This is the only place that prints a secret key; `--json` asks for it.
  fileprivate var json: JSONValue {
    .members([
      ("Id", .text(id.text)), ("Name", .string(name)), ("AccessKeyId", .text(keys.id)),
      ("SecretAccessKey", .text(keys.secret.revealedText)),
    ])
  }
}
