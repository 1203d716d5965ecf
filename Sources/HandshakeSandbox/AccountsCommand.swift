import Arguments
import LocalBackend
import Model
import Platform
import Sandbox
import Signing
import Wire

/// The command `handshake-sandbox accounts`.
struct AccountsCommand: SandboxSubcommand {
  static let declaration = CommandDeclaration<any SandboxSubcommand>(
    "accounts", summary: "List the accounts of the organization with their keys.",
    parameters: {
      [
        OrganizationStore.parameter.within(\AccountsCommand.organization),
        CredentialsOption.parameter.within(\.credentials),
        .flag("--json", \.json, "Print JSON, with the secret keys."),
      ]
    }, start: { AccountsCommand() }, product: { $0 })

  var organization = OrganizationStore()
  var credentials = CredentialsOption()
  var json = false

  func run() throws(SandboxFailure) {
    Signals.letThrough()
    let store = try organization.open()
    let accounts = try SandboxAccount.listed(in: store)
    try credentials.write(accounts)
    if json {
      try Output.line(JSONValue.array(accounts.map(\.json)))
    } else if credentials.path == nil {
      for account in accounts {
        try Output.line("\(account.id.text)  \(account.keys.id)  \(Output.cell(account.name))")
      }
    }
  }
}

/// The option `--credentials-file`, shared by both commands.
struct CredentialsOption {
  static let parameter = Parameter<CredentialsOption>.option(
    "--credentials-file", \.path, "file",
    "Write an AWS credentials file with one profile per account (mode 0600).",
    discussion: """
      Profiles have the accounts' names. Name the file in AWS_SHARED_CREDENTIALS_FILE, or use its \
      profiles in a config file with:
        [profile acme-dev]
        region = us-east-1
        endpoint_url = http://127.0.0.1:PORT
      A file that a sandbox did not write is never replaced.
      """)

  var path: String?

  /// Writes the credentials of accounts, if a file is named.
  ///
  /// - Throws: `SandboxFailure` when the file cannot be written or is another's.
  func write(
    _ accounts: @autoclosure () throws(SandboxFailure) -> [SandboxAccount]
  ) throws(SandboxFailure) {
    guard let named = path else { return }
    let path = HomeFolder.expand(named, environment: ProgramEnvironment.read())
    let accounts = try accounts()
    do throws(CredentialsFile.Failure) {
      try CredentialsFile.write(accounts, to: path)
    } catch { throw SandboxFailure(error) }
  }
}

extension SandboxAccount {
  /// Returns the accounts of `store` with their keys, creating the store's seed if it is missing.
  ///
  /// - Throws: `SandboxFailure` if the seed file cannot be read, is unsafe or cannot be created, or
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
