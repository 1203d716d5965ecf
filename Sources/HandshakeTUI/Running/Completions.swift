import AWSBackend
import ArgumentParser
import Foundation
import Glibc
import LocalBackend
import Machine
import Model
import Review

/// The values that a shell offers for options and ids. The shell runs this program with the words typed so
/// far; nothing is made, sent or asked of the operator, and a service has two seconds to answer.
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

  /// Names joined by commas: the last one is completed by those that are not there yet.
  static func states(completing prefix: String) -> [String] {
    let names = State.allKnown.compactMap(\.knownName)
    guard let comma = prefix.lastIndex(of: ",") else { return ["pending", "all"] + names }
    let before = prefix[...comma]
    let given = Set(before.split(separator: ",").map { $0.uppercased() })
    return names.filter { !given.contains($0) }.map { before + $0 }
  }
}

/// The command line that is completed, and the service that its options name.
private struct CompletionContext {
  private let choice: BackendChoice
  private let command: String

  /// The options that say which service is meant; each has a value.
  private static let shared = [
    "--backend", "--profile", "--region", "--endpoint-url", "--store", "--account", "--input",
    "--config",
  ]

  /// - Parameters:
  ///   - words: The command line with the program's name.
  ///   - index: The place of the word that is completed.
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
    let surroundings = Surroundings(
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
    // SAFETY: files that cannot be read offer nothing; the command itself says why.
    (try? ProfileSet.load(choice.quietWorld))?.names ?? []
  }

  func trusted() -> [String] {
    (try? choice.trustFile.read(choice.settings.ink))?.sorted.map(\.organization.text) ?? []
  }

  func accounts() -> [String] { service()?.profiles.map(\.account.text) ?? [] }

  /// The handshakes that the command can be about.
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
    // A store that is missing is not made for this, and standard input is the shell's.
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
