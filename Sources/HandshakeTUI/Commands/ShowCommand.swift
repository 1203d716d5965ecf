import Arguments
import Model
import Platform
import ReviewInbox
import ReviewWording
import Text
import Wire

/// The command `handshake show`.
struct ShowCommand: Subcommand {
  static let declaration = CommandDeclaration(
    "show", summary: "Show one handshake: sender, recipient, kind, and all of its content.",
    start: ShowCommand()
  ) {
    [
      .positional("id", \.id, "The handshake: h-…", completion: Completions.ids)
    ]
  }

  var id = ""

  func perform(_ run: CommandContext) throws(CommandFailure) -> Status {
    let id = try HandshakeID(argument: id, run.format)
    let service = try run.open().service
    Reconciling(run: run, service: service).noteOpen()
    let trust = try run.trustList()
    let time = run.dependencies.time
    var found = Blocking.run { await service.find([id], trust: trust, at: time) }
    run.noteNames(for: [id], of: service, in: &found.inbox)
    let sofar = found
    found = Blocking.run { await service.compareNames(of: [id], sofar, at: time) }
    if let unread = found.namesUnread { run.complain(CommandFailure(unread, run.format)) }
    guard let row = found.inbox.row(id) ?? found.inbox.rows(sharing: id).first else {
      throw CommandFailure(found, run.format).about(id)
    }
    if run.settings.json {
      try run.put(
        row.handshake.document(run.style(), beside: found.inbox.lookAlikeMembers(of: [row])))
    } else {
      try Shown(row: row, inbox: found.inbox, run: run).put()
    }
    guard row.handshake.damage.isEmpty else {
      run.note(Damage.note)
      return .partly
    }
    return .done
  }
}

extension HandshakeID {
  /// Parses an id as typed, with its prefix `h-`.
  ///
  /// - Throws: `CommandFailure` with status `usage` when it is not a handshake id.
  init(argument: String, _ format: Formatter) throws(CommandFailure) {
    guard let id = HandshakeID(argument) else {
      throw CommandFailure(
        .usage, "\"\(format.full(argument))\" is not a handshake id",
        remedy: "An id is h- and 8 to 32 lower-case letters or digits; handshake list shows them.")
    }
    self = id
  }
}

/// The output of `show` for one handshake.
///
/// The facts that AWS guarantees come first, then the sender's text, each line of it marked.
struct Shown {
  let row: Row
  let inbox: Inbox
  let run: CommandContext

  /// Prints the facts, the resources and the damage.
  ///
  /// - Throws: `CommandFailure` when standard output cannot be written to.
  func put() throws(CommandFailure) {
    var text = facts.text(run.layout, on: run.terminal)
    if !resources.isEmpty { text += heading("Resources") + resources }
    if !row.handshake.damage.isEmpty { text += heading("Damage") + damage }
    try run.put(text)
  }

  private func heading(_ text: String) -> String {
    run.layout == .people ? "\n\(text)\n" : ""
  }

  private var facts: Facts {
    let format = run.format
    let handshake = row.handshake
    var facts = Facts()
    let written = row.writtenID.map { TerminalRows.sign + format.full($0) }
    facts.add(
      "Handshake", row.id?.text ?? written ?? Damage.noID, written == nil ? .own : .mixed)
    facts.add(
      "State", handshake.state.map { format.full($0.wireName) } ?? "?",
      handshake.state?.unknownText == nil ? .own : .foreign)
    facts.add(
      "Action", handshake.action.map { format.full($0.wireName) } ?? "?",
      handshake.action?.unknownText == nil ? .own : .foreign)
    facts.add("Kind", row.shape.kindName)
    facts.add("ARN", handshake.arn?.text)
    facts.add("Organization", handshake.senderOrganization?.text)
    facts.add("Management account", handshake.senderAccount?.text)
    facts.add("Trust", inbox.trustMark(of: row).text)
    let marks = inbox.trustList.marks(of: handshake).map { $0.words(in: format.charset) }
    facts.add("Name", marks.isEmpty ? nil : marks.joined(separator: ", "), .mixed)
    facts.add(
      "Looks like",
      inbox.lookAlike(of: row).map { "\($0.organization.text) managed by \($0.account.text)" })
    for party in handshake.parties { add(party, to: &facts) }
    facts.add("Requested", handshake.requested?.awsCLIText)
    facts.add("Expires", handshake.expires?.awsCLIText)
    if handshake.isPending, let expires = handshake.expires, let now = inbox.clock?.time {
      facts.add("Time left", (expires - now).leftWords)
    }
    // A document does not say through which accounts it was saved.
    let seers = row.sources.map(\.account.text).joined(separator: ", ")
    facts.add("Seen by", inbox.origin == .document ? nil : seers)
    return facts
  }

  /// Adds a party; its id counts as untrusted text unless it has the service's form.
  private func add(_ party: Party, to facts: inout Facts) {
    let id = run.format.full(party.id)
    let isID =
      switch party.type {
      case .account: AccountID(party.id) != nil
      case .organization: OrganizationID.isWritten(in: party.id)
      case .email, .unknown: false
      }
    if let type = party.type.knownName {
      facts.add("Party \(type)", id, isID ? .own : .foreign)
    } else if run.terminal != nil {
      // A label chosen by somebody else would widen the labels' column.
      facts.add("Party", "\(run.format.full(party.type.wireName)): \(id)", .foreign)
    } else {
      facts.add("Party \(run.format.full(party.type.wireName))", id, .foreign)
    }
  }

  /// The tree of resources, top down, walked with an explicit stack because it can be deep.
  private var resources: String {
    var out = ""
    var pending = row.handshake.resources.reversed().map { (resource: $0, depth: 0) }
    while let (resource, depth) = pending.popLast() {
      out += line(resource, depth)
      pending += resource.resources.reversed().map { ($0, depth + 1) }
    }
    return out
  }

  private func line(_ resource: Resource, _ depth: Int) -> String {
    let format = run.format
    let type = format.full(resource.type.wireName)
    let value = resource.value.map { format.full($0) } ?? ""
    let deeper = resource.deeper > 0 ? " (\(resource.deeper) deeper levels not kept)" : ""
    // The mark precedes the sender's text, so that it cannot pass for a fact of ours.
    let mark = resource.type.isSendersText ? TerminalRows.mark : ""
    if let terminal = run.terminal {
      return row(
        of: resource, depth, mark + Sanitiser.countingBlanks(value, in: format.charset), terminal)
        + "\n"
    }
    switch run.layout {
    case .people:
      return String(repeating: "  ", count: depth + 1) + "\(type)  \(mark)\(value)\(deeper)\n"
    case .pipe: return "Resource \(depth) \(type)\t\(mark)\(value)\(deeper)\n"
    case .plain: return "Resource level \(depth + 1) \(type): \(mark)\(value)\(deeper)\n"
    }
  }

  /// Returns the rows of a resource on a terminal.
  ///
  /// Every continued row is marked, since any value may be untrusted text.
  private func row(
    of resource: Resource, _ depth: Int, _ value: String, _ terminal: TerminalRows
  ) -> String {
    let type =
      resource.type.knownName ?? terminal.foreign(run.format.full(resource.type.wireName))
    // At any depth some room is left beside the indentation.
    let indent = String(repeating: " ", count: min(2 * (depth + 1), terminal.columns / 3))
    let head =
      run.layout == .plain ? "Resource level \(depth + 1) \(type): " : indent + type + "  "
    let row = terminal.line(head + value, goingOnWith: TerminalRows.mark)
    guard resource.deeper > 0 else { return row }
    return row + "\n" + indent + "\(resource.deeper) deeper levels not kept"
  }

  private var damage: String {
    row.handshake.damageWords(in: run.format.charset).map { words in
      if run.layout != .people { return "Damage: \(words.text())\n" }
      guard let terminal = run.terminal else { return "  \(words.text())\n" }
      let value = words.value.map { ": " + terminal.foreign($0) } ?? ""
      return terminal.line("  " + words.fact + value, goingOnWith: TerminalRows.mark) + "\n"
    }.joined()
  }
}
