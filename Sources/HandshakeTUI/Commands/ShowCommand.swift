import ArgumentParser
import Machine
import Model
import Review
import Text
import Wire

/// `handshake show`
struct ShowCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show one handshake: sender, recipient, kind, and all of its content.")

  @ParentCommand var root: HandshakeCommand
  @OptionGroup(title: "Everywhere") var everywhere: Everywhere

  @Argument(help: "The handshake: h-…", completion: Completions.ids)
  var id: String

  func perform(_ run: Invocation) throws(CommandFailure) -> Status {
    let id = try HandshakeID(argument: id, run.ink)
    let service = try run.open().service
    Reconciling(run: run, service: service).noteOpen()
    let finding = HandshakeSearch(service: service, time: run.surroundings.time)
    let trust = try run.trustList()
    var found = Blocking.run { await finding.find(id, trust: trust) }
    run.noteNames(for: [id], of: service, in: &found.inbox)
    let sofar = found
    let compared = Blocking.run { await finding.comparingNames(of: id, sofar) }
    found = compared.found
    if let error = compared.error { run.complain(.namesUnread(error, run.ink)) }
    guard let row = found.inbox.row(id) ?? found.inbox.rows(sharing: id).first else {
      throw found.failure(run.ink).about(id)
    }
    if run.settings.json {
      try run.put(
        row.handshake.document(run.style(), beside: found.inbox.lookAlikeMembers(of: [row])))
    } else {
      try Shown(row: row, inbox: found.inbox, run: run).put()
    }
    guard row.handshake.damage.isEmpty else {
      run.note("the record is damaged and cannot be accepted")
      return .partly
    }
    return .done
  }
}

extension HandshakeID {
  /// An id as it was typed.
  init(argument: String, _ ink: Ink) throws(CommandFailure) {
    guard let id = HandshakeID(argument) else {
      throw CommandFailure(
        .usage, "\"\(ink.full(argument))\" is not a handshake id",
        remedy: "An id is h- and 8 to 32 lower-case letters or digits; handshake list shows them.")
    }
    self = id
  }
}
