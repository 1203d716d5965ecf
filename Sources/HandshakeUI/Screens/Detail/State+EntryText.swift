import Drawing
import Model
import Review
import Text

extension State {
  /// One entry of the detail as a line.
  func text(of entry: Entry, _ row: Row) -> Line {
    let lines = LineSet.of(launch.charset)
    let isFolded = detail?.folded.contains(entry.id) ?? false
    let fold = entry.isFoldable ? (isFolded ? "> " : "v ") : ""
    switch entry.content {
    case .handshake: return Line(fold, .key) + handshakeLine(row)
    case .times: return Line("  ") + timesLine(row)
    case .count(let name, let count):
      let prefix = lines.treePrefix(above: [], isLast: entry.isLast)
      return Line(prefix, .border) + Line(fold, .key) + Line(name, .heading)
        + Line(" (\(count))", .quiet)
    case .party(let party):
      return prefix(entry, lines) + partyLine(party)
    case .resource(let resource):
      return prefix(entry, lines) + Line(fold, .key) + resourceLine(resource, isFolded: isFolded)
    case .text(let text):
      let blanks = entry.above.map { $0 ? "\(lines.vertical)  " : "   " }.joined()
      return Line(blanks, .border) + Line("~ ", .sender) + line(of: text)
    case .deeper(let count):
      return prefix(entry, lines) + Line("\(count) deeper levels not kept", .warning)
    case .heading(let title):
      let rule = String(repeating: lines.horizontal, count: 2)
      return Line("\(rule) ", .border) + Line(fold, .key) + Line(title, .heading)
    case .line(let line): return Line(" ") + line
    case .blank: return Line()
    }
  }

  private func prefix(_ entry: Entry, _ lines: LineSet) -> Line {
    Line(lines.treePrefix(above: entry.above, isLast: entry.isLast), .border)
  }

  private func handshakeLine(_ row: Row) -> Line {
    let handshake = row.handshake
    let action = handshake.action.map { pen.name($0) } ?? "?"
    let stateName = handshake.state.map { pen.name($0) } ?? "?"
    let role: Role = handshake.isPending ? .plain : .quiet
    let kind = row.shape.kindName
    return Line("Handshake ", .heading) + idLabel(row) + Line("  ") + row.shape.label
      + Line("  ") + Line(stateName, role, bold: handshake.isPending)
      + (action == kind ? Line() : Line("  (\(action))", .quiet))
  }

  private func timesLine(_ row: Row) -> Line {
    let handshake = row.handshake
    let sent = handshake.requested.map { "requested \(pen.minute($0))" } ?? "requested ?"
    guard let expires = handshake.expires else { return Line("\(sent)   expires ?", .warning) }
    // One that was answered does not expire.
    if row.isClosed, handshake.state != .expired { return Line(sent, .quiet) }
    let local = pen.local(expires).map { " = \($0)" } ?? ""
    let left =
      expires > now ? "\((expires - now).words) left" : "ended \((now - expires).words) ago"
    let role: Role = expires - now < Check.soon && handshake.isPending ? .warning : .plain
    // The expiry first: on a narrow screen the end of the line is cut.
    return Line("expires \(pen.minute(expires)) ", .quiet) + Line("(\(left))", role)
      + Line("\(local)   \(sent)", .quiet)
  }

  private func partyLine(_ party: Party) -> Line {
    let type = pen.name(party.type).padded(to: 14)
    switch party.type {
    case .organization:
      // The wire leaves the prefix out.
      let id = party.id.asciiText.flatMap { OrganizationID(withOrWithoutPrefix: $0) }
      return Line(type, .quiet) + (id.map { Line($0.text) } ?? othersText(party.id))
    case .account:
      let account = party.id.asciiText.flatMap { AccountID($0) }
      guard let account else { return Line(type, .quiet) + othersText(party.id) }
      guard inbox.profile(account) != nil else {
        return Line(type, .quiet) + Line(account.text)
      }
      let identity = inbox.identity(account)
      guard identity?.membership != .untold else {
        return Line(type, .quiet) + Line("\(account.text)    from the document")
      }
      let known = identity == nil ? "not confirmed" : "STS ok"
      return Line(type, .quiet)
        + Line("\(account.text)    = profile \(name(of: account)), \(known)")
    case .email: return Line(type, .quiet) + Line(pen.exact(party.id))
    case .unknown:
      return othersText(party.type.wireName) + Line("  ") + othersText(party.id)
    }
  }

  /// Text that is no value we know, marked as what another wrote.
  private func othersText(_ text: Untrusted) -> Line {
    Line("~ ", .sender) + Line(pen.exact(text), .sender)
  }

  private func resourceLine(_ resource: Resource, isFolded: Bool) -> Line {
    let name = pen.name(resource.type)
    guard let value = resource.value else {
      return Line(name, .quiet) + Line(resource.resources.isEmpty ? "  (no value)" : "", .quiet)
    }
    guard resource.type != .notes || isFolded else {
      let hidden = Sanitiser.hiddenCount(value)
      let note = hidden == 0 ? Line() : Line(", \(hidden) hidden, shown as escapes", .warning)
      return Line(name, .quiet) + Line("  \(value.bytes.count) bytes", .quiet) + note
    }
    if resource.type.isSendersText {
      return Line("\(name)  ", .quiet) + othersText(value)
    }
    if resource.type.knownName == nil {
      return Line("~ \(name)  ", .sender) + othersText(value)
    }
    return Line("\(name)  ", .quiet) + Line(pen.exact(value))
  }

  private func line(of text: Layout.Line) -> Line {
    Line(
      text.segments.map { segment in
        Line.Piece(
          segment.text, Style(role: segment.kind == .text ? .sender : .warning))
      })
  }
}
