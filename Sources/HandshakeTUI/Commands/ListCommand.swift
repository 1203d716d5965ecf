import ArgumentParser
import Machine
import Model
import Review
import Text
import Wire

/// `handshake list`
struct ListCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the handshakes that the accounts received, or that their organizations sent.",
    discussion: """
      States are pending, all, or names joined by commas: OPEN,REQUESTED. Filters are as on the \
      screens: org:acme account:2222 state:open action:invite expires:<3d trust:new trust:like, \
      and words. Sort keys are expires, sent, org, account, state, action, id and trust, with - before \
      them for descending order. Durations are 90m, 48h, 16d.
      """)

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  @Flag(help: "List what the accounts' organizations sent, instead of what the accounts received.")
  var sent = false

  @Option(
    help: ArgumentHelp("pending (default), all, or states.", valueName: "states"),
    completion: Completions.states)
  var state: String?

  @Option(help: ArgumentHelp("List only the matches of this filter.", valueName: "expr"))
  var filter: String?

  // A key may begin with the - of descending order.
  @Option(
    parsing: .unconditional, help: ArgumentHelp("The sort key.", valueName: "key"),
    completion: Completions.sortKeys)
  var sort: String?

  @Option(
    help: ArgumentHelp(
      "List only pending handshakes with at most this time left; exit 10 if there are any.",
      valueName: "duration"))
  var expiring: String?

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    let request = try ListRequest(self, run.settings)
    let service = try run.open().service
    Reconciling(run: run, service: service).noteOpen()
    let reading = InboxReading(
      service: service, trust: try run.trustList(), view: request.view(of: service),
      time: run.surroundings.time)
    var inbox = Blocking.run { await reading.read() }
    run.noteNames(for: inbox.rows(reading.view).compactMap(\.id), of: service, in: &inbox)
    let listed = request.select(from: inbox, reading.view, at: run.surroundings.time)
    try Listed(rows: listed, inbox: inbox, isSent: sent, run: run).put()
    return status(listed, inbox, service, run)
  }

  private func status(
    _ rows: [Row], _ inbox: Inbox, _ service: Service, _ run: Invocation
  ) -> Status {
    var statuses: [Status] = []
    for failure in inbox.failures {
      // What a document lacks was told when it was read.
      if !service.isDocument { run.complain(.unread(failure.source, failure.error, run.ink)) }
      statuses.append(.partly)
    }
    if !statuses.isEmpty, !service.isDocument, inbox.failures.count == inbox.sources.count {
      return .failed
    }
    for account in sent ? inbox.withheld() : [] {
      run.complain(.withheld(account))
      statuses.append(.partly)
    }
    let damaged = rows.count { !$0.handshake.damage.isEmpty }
    if damaged > 0 {
      run.note("\(damaged) of \(rows.count) records are damaged and cannot be accepted")
      statuses.append(.partly)
    }
    if !service.unknown.isEmpty { statuses.append(.partly) }
    if expiring != nil, !rows.isEmpty { statuses.append(.expiring) }
    return Status.worst(statuses)
  }
}

extension CommandFailure {
  /// A member that is not shown what its organization sent.
  static func withheld(_ account: AccountID) -> CommandFailure {
    CommandFailure(
      .partly, "account \(account.text), sent by the organization: unknown",
      why: "it is a member: it cannot see what its organization sent",
      remedy: "Use the management account, or a delegated administrator.")
  }

  /// One listing that could not be read.
  static func unread(_ source: SourceKey, _ error: BackendError, _ ink: Ink) -> CommandFailure {
    let what = source.direction == .received ? "received" : "sent by the organization"
    var failure = CommandFailure(error, ink)
    failure.what = "account \(source.account.text), \(what): unknown: \(failure.what)"
    return failure
  }
}
