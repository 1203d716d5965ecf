import ArgumentParser
import LocalBackend
import Machine
import Model
import Wire

/// `handshake local accounts`
struct LocalAccountsCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "accounts", abstract: "List the accounts of the embedded organization.")

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    let store = try run.choice.openStore()
    let ink = run.ink
    let accounts = try Blocking.run { () async throws(CommandFailure) in
      try await store.told(ink) { store throws(StoreError) in try await store.accounts() }
    }
    if run.settings.json {
      try run.put(JSONValue.array(accounts.map(\.json)))
      return .done
    }
    var table = Table(["ID", "NAME", "EMAIL", "ORGANIZATION", "ROLE"], whole: [1, 2])
    for account in accounts {
      table.add(
        [
          account.id.text, ink.full(account.name), ink.full(account.email),
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
