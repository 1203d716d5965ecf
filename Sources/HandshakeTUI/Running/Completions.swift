import AWSBackend
import ArgumentParser
import Foundation
import Glibc
import LocalBackend
import Model
import Platform
import ReviewInbox
import ReviewWording

/// The values that a shell completes for options and ids.
///
/// The shell runs this program with the words typed so far. Nothing is created or sent, the
/// operator is not asked, and a service has two seconds to answer.
enum Completions {
  static var sortKeys: CompletionKind {
    .list(RowOrder.Field.allCases.flatMap { [$0.rawValue, "-" + $0.rawValue] })
  }
  static var states: CompletionKind { .custom { _, _, prefix in states(completing: prefix) } }
  static var profiles: CompletionKind {
    .custom { words, index, _ in CompletionContext(words, index)?.profiles() ?? [] }
  }
  static var ids: CompletionKind {
    .custom { words, index, _ in CompletionContext(words, index)?.ids() ?? [] }
  }
  static var accounts: CompletionKind {
    .custom { words, index, _ in CompletionContext(words, index)?.accounts() ?? [] }
  }
  static var trusted: CompletionKind {
    .custom { words, index, _ in CompletionContext(words, index)?.trusted() ?? [] }
  }

  /// Completes a comma-separated list of states: its last name, by those not in it yet.
  static func states(completing prefix: String) -> [String] {
    let names = HandshakeState.allKnown.compactMap(\.knownName)
    guard let comma = prefix.lastIndex(of: ",") else { return ["pending", "all"] + names }
    let before = prefix[...comma]
    let given = Set(before.split(separator: ",").map { $0.uppercased() })
    return names.filter { !given.contains($0) }.map { before + $0 }
  }
}

/// The command line to complete, and the service that its options select.
private struct CompletionContext {
  private let choice: BackendChoice
  private let command: String

  /// The options that select the service; each has a value.
  private static let shared = [
    "--backend", "--profile", "--region", "--endpoint-url", "--store", "--account", "--input",
    "--config",
  ]

  /// Reads the options that select the service; nil when they or the settings are invalid.
  ///
  /// `words` is the command line with the program's name, and `index` the position of the word to
  /// complete.
  init?(_ words: [String], _ index: Int) {
    var given: [String] = []
    for (place, word) in words.enumerated() where place != index {
      let name = word.prefix { $0 != "=" }
      guard Self.shared.contains(String(name)) else { continue }
      if name.count < word.count {
        given.append(word)
      } else if place + 1 < words.count, place + 1 != index {
        given += [word, words[place + 1]]
      }
    }
    let environment = ProcessInfo.processInfo.environment
    let surroundings = Dependencies(
      environment: environment, console: SystemConsole(environment: environment),
      time: SystemTime(), random: SystemRandom())
    surroundings.dialogue.standDown()
    guard let list = try? Program.parse(["list"] + given) as? ListCommand,
      let settings = try? Settings.gather(list.shared, surroundings)
    else { return nil }
    choice = BackendChoice(settings: settings, surroundings: surroundings, log: nil) { _ in }
    command = words.dropFirst().first { !$0.hasPrefix("-") } ?? ""
  }

  func profiles() -> [String] {
    // SAFETY: for files that cannot be read nothing is offered; the command itself reports the
    // error.
    (try? ProfileSet.load(choice.quietWorld))?.names ?? []
  }

  func trusted() -> [String] {
    (try? choice.trustFile.read(choice.settings.ink))?.sorted.map(\.organization.text) ?? []
  }

  func accounts() -> [String] { service()?.profiles.map(\.account.text) ?? [] }

  /// Returns the ids that the command can apply to.
  func ids() -> [String] {
    guard let service = service() else { return [] }
    let view =
      switch command {
      case "accept", "decline": RowSelection(service.isDocument ? .either : .received, .pending)
      case "cancel": RowSelection(service.isDocument ? .either : .sent, .pending)
      default: RowSelection(.either, .all)
      }
    let reading = InboxReading(
      service: service, trust: TrustList(), view: view, time: choice.surroundings.time)
    let inbox = Blocking.run { await reading.read() }
    return inbox.rows(view).compactMap { $0.id?.text }
  }

  private func service() -> Service? {
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
    let choice = choice
    return try? Blocking.run { () async throws(CommandFailure) in try await choice.open().service }
  }
}
