import AWSBackend
import Arguments
import Foundation
import Glibc
import LocalBackend
import Model
import Platform
import ReviewInbox
import ReviewWording

/// The values that a shell offers for options and ids.
///
/// The shell runs this program with the words typed so far. Nothing is created or sent, the
/// operator is not asked, and a service has two seconds to answer.
struct Completions {
  static let sortKeys = Completion.values(
    RowOrder.Field.allCases.flatMap { [$0.rawValue, "-" + $0.rawValue] })
  static let states = Completion.dynamic("states")
  static let ids = Completion.dynamic("ids")
  static let trusted = Completion.dynamic("trusted")

  private let dependencies: Dependencies
  private let request: CompletionRequest<any Subcommand>

  init(_ dependencies: Dependencies, _ request: CompletionRequest<any Subcommand>) {
    dependencies.dialogue.standDown()
    self.dependencies = dependencies
    self.request = request
  }

  /// Returns the values of a dynamic completion.
  func values(of kind: String) -> [String] {
    switch kind {
    case "states": Self.states(completing: request.prefix)
    case "profiles": profiles()
    case "accounts": accounts()
    case "ids": ids()
    case "trusted": trusted()
    default: []
    }
  }

  /// Completes a comma-separated list of states: its last name, by those not in it yet.
  static func states(completing prefix: String) -> [String] {
    let names = HandshakeState.allKnown.compactMap(\.knownName)
    guard let comma = prefix.lastIndex(of: ",") else { return ["pending", "all"] + names }
    let before = prefix[...comma]
    let given = Set(before.split(separator: ",").map { $0.uppercased() })
    return names.filter { !given.contains($0) }.map { before + $0 }
  }

  /// The service that the options typed so far select; nil when they or the settings are invalid.
  private var choice: BackendChoice? {
    guard let settings = try? Settings.gather(GlobalOptions(values: request.shared), dependencies)
    else { return nil }
    return BackendChoice(settings: settings, dependencies: dependencies, log: nil) { _ in }
  }

  private func profiles() -> [String] {
    guard let choice else { return [] }
    // SAFETY: for files that cannot be read nothing is offered; the command itself reports the
    // error.
    return (try? ProfileSet.load(choice.quietWorld))?.names ?? []
  }

  private func trusted() -> [String] {
    guard let choice else { return [] }
    return (try? choice.trustFile.read(choice.settings.format))?.sorted.map(\.organization.text)
      ?? []
  }

  private func accounts() -> [String] { service()?.profiles.map(\.account.text) ?? [] }

  /// Returns the ids that the command can apply to.
  private func ids() -> [String] {
    guard let service = service() else { return [] }
    let view =
      switch request.path.last {
      case "accept", "decline": RowSelection(service.isDocument ? .either : .received, .pending)
      case "cancel": RowSelection(service.isDocument ? .either : .sent, .pending)
      default: RowSelection(.either, .all)
      }
    let reading = InboxReading(
      service: service, trust: TrustList(), view: view, time: dependencies.time)
    let inbox = Blocking.run { await reading.read() }
    return inbox.rows(view).compactMap { $0.id?.text }
  }

  private func service() -> Service? {
    guard let choice else { return nil }
    let settings = choice.settings
    // A missing store is not created for a completion, and standard input belongs to the shell.
    guard settings.input.value != "-" else { return nil }
    if settings.input.value == nil, !choice.isAWS, access(settings.store.value, R_OK) != 0 {
      return nil
    }
    Thread.detachNewThread {
      sleep(2)
      _exit(Status.done.number)
    }
    return try? Blocking.run { () async throws(CommandFailure) in try await choice.open().service }
  }
}
