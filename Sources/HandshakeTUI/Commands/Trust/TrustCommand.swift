import ArgumentParser
import Model
import Review
import Text
import Wire

/// `handshake trust`
struct TrustCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trust",
    abstract: "Keep the list of organizations that are known.",
    discussion: """
      An invitation is trusted when its organization id is listed with its management account. \
      The list lies beside the organization's store, and beside the configuration for AWS.
      """,
    subcommands: [TrustListCommand.self, TrustAddCommand.self, TrustRemoveCommand.self],
    defaultSubcommand: TrustListCommand.self)
}

/// `handshake trust list`
struct TrustListCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the known organizations.")

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    let list = try run.trustList()
    if run.settings.json {
      try run.put(.array(list.sorted.map(\.json)))
      return .done
    }
    guard !list.isEmpty else {
      run.note("no organization is listed in \(run.ink.full(run.trustFile.path))")
      return .done
    }
    var table = Table(
      ["ORGANIZATION", "MANAGEMENT ACCOUNT", "NAME", "ADDED", "BY"], whole: [2, 4])
    for entry in list.sorted {
      table.add(
        [
          entry.organization.text, entry.managementAccount.text, run.ink.full(entry.name),
          entry.addedAt.awsCLIText, run.ink.full(entry.addedBy),
        ], foreign: [2, 4])
    }
    try run.put(table.text(run.layout, on: run.terminal))
    return .done
  }
}

/// `handshake trust add`
struct TrustAddCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "List an organization as known, with its management account.",
    discussion: """
      On a terminal it asks for the organization's id a second time: take it from the ticket, not \
      from a screen. Without a terminal --yes is required.
      """)

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  @Argument(help: "The organization: o-…")
  var organization: String

  @Argument(help: "Its management account: 12 digits.")
  var managementAccount: String

  @Option(help: ArgumentHelp("Your own name for it.", valueName: "text"))
  var name: String?

  @Flag(help: "Do not ask for the id a second time.")
  var yes = false

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    let id = try OrganizationID(argument: organization, run.ink)
    guard let account = AccountID(managementAccount) else {
      throw CommandFailure(
        .usage, "\"\(run.ink.full(managementAccount))\" is not an account id",
        remedy: "An account id has 12 digits.")
    }
    if !yes { try TrustQuestion(run: run).confirm(id, managedBy: account) }
    let name = name.map { Untrusted($0) }
    let who = Operator.onThisHost(environment: run.surroundings.environment)
    let entry = TrustedOrganization(
      organization: id, managementAccount: account, name: name ?? Untrusted(""),
      addedAt: run.surroundings.time.now(), addedBy: who.name)
    let before = try TrustChange(run: run).make(.trustAdded(id, account, name: name)) {
      $0.add(entry)
    }
    if let before, before.managementAccount != account {
      run.note("\(id.text) was listed with \(before.managementAccount.text) before")
    }
    run.note("\(id.text) with \(account.text) is listed")
    return .done
  }
}

/// `handshake trust remove`
struct TrustRemoveCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Take an organization off the list.")

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  @Argument(help: "The organization: o-…")
  var organization: String

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    let id = try OrganizationID(argument: organization, run.ink)
    guard try run.trustList()[id] != nil else {
      throw CommandFailure(
        .failed, "\(id.text) is not listed", why: run.ink.full(run.trustFile.path),
        remedy: "handshake trust list shows those that are.")
    }
    _ = try TrustChange(run: run).make(.trustRemoved(id)) { $0.remove(id) }
    run.note("\(id.text) is not listed any more")
    return .done
  }
}
