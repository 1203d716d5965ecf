import Arguments
import LocalBackend
import Model
import Platform
import ReviewWording
import Wire

/// The command `handshake local`.
enum LocalCommand {
  static let declaration = CommandDeclaration<any Subcommand>(
    "local", summary: "Create and manage the embedded organization.",
    children: [
      LocalInitCommand.declaration, LocalAccountsCommand.declaration,
      LocalAdvanceCommand.declaration, LocalResetCommand.declaration,
    ])
}

extension Store.Reading: ArgumentValue {}

/// The command `handshake local init`.
struct LocalInitCommand: Subcommand {
  static let declaration = CommandDeclaration(
    "init", summary: "Create an organization.",
    discussion: """
      Without --empty or --size it is the demonstration, with every kind of invitation, every state \
      and every refusal. An existing file is never replaced.
      """,
    start: LocalInitCommand()
  ) {
    [
      .flag(
        "--empty", \.empty,
        "One organization with one account, one standalone account, nothing sent."),
      .option("--size", \.size, "n", "The number of pending invitations."),
      .option("--seed", \.seed, "n", "The seed of the generated data.", initial: "1"),
      .option(
        "--reading", \.reading, "reading",
        "Which of AWS's contradicting documentation pages to follow.",
        initial: Store.Reading.guide.rawValue),
      .flag("--throttle", \.throttle, "Enforce AWS's rate limits."),
    ]
  }

  var empty = false
  var size: Int?
  var seed: UInt64 = 1
  var reading = Store.Reading.guide
  var throttle = false

  /// The valid sizes; a larger organization takes longer than anybody waits.
  static let sizes = 1...1_000_000

  func check() throws(CommandFailure) {
    if empty, size != nil {
      throw CommandFailure(
        .usage, "--empty and --size cannot be combined", remedy: "Use one of them.")
    }
    if let size, !Self.sizes.contains(size) {
      throw CommandFailure(
        .usage, "invalid --size", remedy: "Use a number from 1 to \(Self.sizes.upperBound).")
    }
  }

  func perform(_ run: CommandContext) throws(CommandFailure) -> Status {
    let options = Store.Options(
      reading: reading, throttle: throttle, size: size, empty: empty, seed: seed)
    let store = try run.choice.makeStore(options)
    run.note("created \(run.format.full(store.path))")
    return .done
  }
}

/// The command `handshake local reset`.
struct LocalResetCommand: Subcommand {
  static let declaration = CommandDeclaration(
    "reset", summary: "Recreate the embedded organization with its original options.",
    discussion: "Its handshakes, memberships and clock are reset; the journal is kept.",
    start: LocalResetCommand())

  func perform(_ run: CommandContext) throws(CommandFailure) -> Status {
    try run.refuseReadOnly()
    let store = try run.choice.openStore()
    let format = run.format
    try Blocking.run { () async throws(CommandFailure) in
      try await store.told(format) { store throws(StoreError) in try await store.reset() }
    }
    run.note("recreated \(format.full(store.path))")
    return .done
  }
}

extension CommandContext {
  /// Refuses a command that changes something in a read-only session.
  ///
  /// - Throws: `CommandFailure` with status `refused` when the session is read-only.
  func refuseReadOnly() throws(CommandFailure) {
    guard settings.readOnly.value else { return }
    throw CommandFailure(
      .refused, "read-only mode: nothing was changed",
      why: settings.readOnly.origin.text(format), remedy: "Remove that setting first.")
  }
}

/// The command `handshake local accounts`.
struct LocalAccountsCommand: Subcommand {
  static let declaration = CommandDeclaration(
    "accounts", summary: "List the accounts of the embedded organization.",
    start: LocalAccountsCommand())

  func perform(_ run: CommandContext) throws(CommandFailure) -> Status {
    let store = try run.choice.openStore()
    let format = run.format
    let accounts = try Blocking.run { () async throws(CommandFailure) in
      try await store.told(format) { store throws(StoreError) in try await store.accounts() }
    }
    if run.settings.json {
      try run.put(JSONValue.array(accounts.map(\.json)))
      return .done
    }
    var table = Table(["ID", "NAME", "EMAIL", "ORGANIZATION", "ROLE"], whole: [1, 2])
    for account in accounts {
      table.add(
        [
          account.id.text, format.full(account.name), format.full(account.email),
          account.organization?.text ?? "-", account.role.rawValue,
        ], foreign: [1, 2])
    }
    try run.put(table.text(run.layout, on: run.terminal))
    return .done
  }
}

extension Store.Account {
  fileprivate var json: JSONValue {
    .members([
      ("Id", .text(id.text)), ("Name", .string(name)), ("Email", .string(email)),
      ("Organization", organization.map { .text($0.text) } ?? .null),
      ("Role", .text(role.rawValue)),
    ])
  }
}

/// The command `handshake local advance`.
struct LocalAdvanceCommand: Subcommand {
  static let declaration = CommandDeclaration(
    "advance", summary: "Advance the clock of the embedded organization.",
    discussion: "Handshakes expire accordingly, and ended ones are forgotten after 30 days.",
    start: LocalAdvanceCommand()
  ) {
    [
      .positional("duration", \.duration, "The duration: 90m, 48h, 16d.")
    ]
  }

  var duration = ""

  func perform(_ run: CommandContext) throws(CommandFailure) -> Status {
    guard let span = Span(duration), span > .zero else {
      throw CommandFailure(
        .usage, "\"\(run.format.full(duration))\" is not a duration",
        remedy: "Write it as 90m, 48h or 16d.")
    }
    try run.refuseReadOnly()
    let store = try run.choice.openStore()
    let format = run.format
    let clock = try Blocking.run { () async throws(CommandFailure) in
      try await store.told(format) { store throws(StoreError) in try await store.advance(span) }
    }
    run.note(
      "the organization's clock is now \(clock.now.awsCLIText), \(clock.advanced.shortWords) ahead")
    return .done
  }
}
