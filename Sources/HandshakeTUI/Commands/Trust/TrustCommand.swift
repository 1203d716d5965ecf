import ArgumentParser
import Model
import Review
import Text
import Wire

/// `handshake trust`
struct TrustCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trust",
    abstract: "Manage the trust list.",
    discussion: """
      An invitation is trusted if its organization id is listed with its management account. \
      The list is stored beside the organization's store; for AWS, beside the configuration.
      """,
    subcommands: [TrustListCommand.self, TrustAddCommand.self, TrustRemoveCommand.self],
    defaultSubcommand: TrustListCommand.self)
}

/// `handshake trust list`
struct TrustListCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Print the trust list.")

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    try run.settings.places.requireComplete()
    let list = try SeenNames(run: run).inbox().trustList
    if run.settings.json {
      try run.put(.array(list.sorted.map { $0.json(in: list) }))
      return .done
    }
    guard !list.isEmpty else {
      run.note("the trust list is empty: \(run.ink.full(run.trustFile.path))")
      return .done
    }
    var table = Table(
      ["ORGANIZATION", run.isWide ? "MANAGEMENT ACCOUNT" : "MANAGED BY", "NAME", "ADDED", "BY"],
      whole: [2, 4])
    for entry in list.sorted {
      table.add(
        [
          entry.organization.text, entry.managementAccount.text, name(of: entry, in: list, run.ink),
          run.isWide ? entry.addedAt.awsCLIText : entry.addedAt.dayText,
          run.ink.full(entry.addedBy),
        ], foreign: list.isUnnamed(entry) ? [4] : [2, 4])
    }
    try run.put(table.text(run.layout, on: run.terminal))
    let unnamed = list.sorted.filter { list.isUnnamed($0) }
    if let first = unnamed.first {
      run.note(
        "no name is known of \(unnamed.map(\.organization.text).joined(separator: ", ")): its "
          + "look-alikes cannot be found until a listing shows its name. Give it one: handshake trust "
          + "add \(first.organization.text) \(first.managementAccount.text) --name NAME")
    }
    return .done
  }

  /// The operator's name for it, else a name it was seen under, else `(no name known)`.
  private func name(of entry: TrustedOrganization, in list: TrustList, _ ink: Ink) -> String {
    if !entry.name.isEmpty { return ink.full(entry.name) }
    let names = list.names(of: entry.organization, managedBy: entry.managementAccount)
    return names.first.map { "seen as \(ink.full($0))" } ?? "(no name known)"
  }
}

extension TrustList {
  fileprivate func isUnnamed(_ entry: TrustedOrganization) -> Bool {
    names(of: entry.organization, managedBy: entry.managementAccount).isEmpty
  }
}

/// `handshake trust add`
struct TrustAddCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Add an organization with its management account to the trust list.",
    discussion: """
      On a terminal it asks for the organization's id again: take it from the ticket, not \
      from a screen. Without a terminal --yes is required. If the name looks like that of a known \
      organization, it says so and asks for the id twice. If the organization is listed with another \
      management account, it says so and replaces that entry.
      """)

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  @Argument(help: "The organization: o-…")
  var organization: String

  @Argument(help: "Its management account: 12 digits.")
  var managementAccount: String

  @Option(help: ArgumentHelp("Your own name for it.", valueName: "text"))
  var name: String?

  @Flag(help: "Do not ask for the id again.")
  var yes = false

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    let id = try OrganizationID(argument: organization, run.ink)
    guard let account = AccountID(managementAccount) else {
      throw CommandFailure(
        .usage, "\"\(run.ink.full(managementAccount))\" is not an account id",
        remedy: "An account id has 12 digits.")
    }
    let name = name.map { Untrusted($0) }
    let doubts = TrustDoubts(id, account, name, in: try SeenNames(run: run).inbox())
    for words in doubts.words(run.ink) { run.note(words) }
    if !yes {
      try TrustQuestion(run: run).confirm(id, managedBy: account, isLookAlike: doubts.isLookAlike)
    }
    let who = Operator.onThisHost(environment: run.surroundings.environment)
    let entry = TrustedOrganization(
      organization: id, managementAccount: account, name: name ?? Untrusted(""),
      addedAt: run.surroundings.time.now(), addedBy: who.name)
    let before = try TrustChange(run: run).make(.trustAdded(id, account, name: name)) {
      $0.add(entry)
    }
    if let before, before.managementAccount != account {
      run.note("\(id.text) was trusted with \(before.managementAccount.text) before")
    }
    run.note("\(id.text) with \(account.text) added to the trust list")
    if doubts.isUnnamed {
      run.note("no name is known of it: add one with --name, so that its look-alikes are found")
    }
    return .done
  }
}

/// `handshake trust remove`
struct TrustRemoveCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove an organization from the trust list.")

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  @Argument(help: "The organization: o-…", completion: Completions.trusted)
  var organization: String

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    let id = try OrganizationID(argument: organization, run.ink)
    guard try run.trustList()[id] != nil else {
      throw CommandFailure(
        .failed, "\(id.text) is not in the trust list", why: run.ink.full(run.trustFile.path),
        remedy: "handshake trust list shows its entries.")
    }
    _ = try TrustChange(run: run).make(.trustRemoved(id)) { $0.remove(id) }
    run.note("\(id.text) removed from the trust list")
    return .done
  }
}
