import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text

/// A panel with a text.
struct PanelScreen: Screen {
  var title: Line
  var lines: [Line]
  var scroll = 0
  /// The text that `y` copies.
  var copied: String?
  /// The indentation of a wrapped line's continuation.
  var indent: Int

  init(_ title: Line, _ lines: [Line], copying text: String? = nil, indent: Int = 0) {
    self.title = title
    self.lines = lines
    copied = text
    self.indent = indent
  }

  var context: KeyContext { .panel }

  mutating func handle(_ event: ScreenEvent, _ session: inout Session) -> Reaction {
    switch event {
    case .command(.look(.back)), .command(.look(.outward)), .command(.program(.quit)):
      return .close
    case .command(.take(.copyID)):
      return copied.map { .effects(session.copy($0, as: "this panel")) } ?? .stay
    case .command(.move(let move)):
      let text = Wrapped(self, in: session.size)
      scroll = scroll.scrolled(
        move.distance(page: text.rows), of: text.lines.count, in: text.rows)
      return .stay
    default: return .unhandled
    }
  }

  func draw(_ session: Session, _ canvas: inout Canvas) {
    let text = Wrapped(self, in: canvas.size)
    let scroll = scroll.scrolled(0, of: text.lines.count, in: text.rows)
    canvas.box(text.box, title) { canvas in
      var rest = canvas.bounds
      let keys = rest.takeBottom(1)
      canvas.draw(text.lines, from: scroll, in: rest.insetByOne)
      canvas.placeCursor(row: 0, column: 1)
      let copies = copied == nil ? Line() : Line("   y", .key) + Line(" copy")
      let hints = Line(" Esc", .key) + Line(" close") + copies
      canvas.draw(
        hints, row: keys.row,
        before: .position(scroll: scroll, rows: text.rows, of: text.lines.count))
    }
  }

  /// The lines, wrapped for the screen's size, and their box.
  private struct Wrapped {
    let lines: [Line]
    let box: Rect
    /// The number of visible lines, without the border and the keys.
    var rows: Int { max(1, box.rows - 3) }

    init(_ panel: PanelScreen, in size: Size) {
      let width = max(1, size.dialog(rows: 1).columns - 4)
      lines = panel.lines.flatMap { $0.wrapped(to: width, indent: panel.indent) }
      box = size.dialog(rows: lines.count + 1)
    }
  }
}

// MARK: - The panels

extension PanelScreen {
  /// Explains the trust in a row's sender.
  static func trust(in row: Row, _ session: Session) -> PanelScreen {
    TrustExplanation(session: session, row: row).panel
  }

  /// Explains why a profile could not be read, what follows from it, and its remedy.
  static func failure(of key: ProfileKey, _ session: Session) -> PanelScreen {
    let lines = ProfileFacts(session: session, key: key).lines.dropLast()
    let text = lines.map(\.text).joined(separator: "\n")
    let others = session.inbox.roster.count - session.sourceSummary.failed.count
    let title = "NOT READ: \(session.labels.name(of: key)); \(others) others are shown"
    return PanelScreen(Line(title, .danger), Array(lines), copying: text)
  }

  /// All messages in full, the latest first.
  static func messages(_ session: Session) -> PanelScreen {
    let log = session.notices.log
    guard !log.isEmpty else {
      return PanelScreen(Line("MESSAGES", .heading), [Line("no messages yet")])
    }
    let lines = log.reversed().map { entry in
      Line("\(session.format.second(entry.time))  ", .quiet)
        + Line(entry.notice.text, entry.notice.role)
        + Line(entry.count > 1 ? "  (\(entry.count) times)" : "", .quiet)
    }
    let title = Line("MESSAGES: \(log.count), newest first", .heading)
    return PanelScreen(title, lines, copying: copied(lines), indent: 11)
  }

  /// Returns as many of the latest messages as the clipboard takes.
  private static func copied(_ lines: [Line]) -> String {
    var text = ""
    for line in lines {
      let more = (text.isEmpty ? "" : "\n") + line.text
      guard text.utf8.count + more.utf8.count <= Session.clipboardLimit else { break }
      text += more
    }
    return text
  }
}

/// The explanation of the trust in a row's sender, and the command that would change it.
struct TrustExplanation {
  let session: Session
  let row: Row

  private var handshake: Handshake { row.handshake }

  var panel: PanelScreen {
    let command = command
    return PanelScreen(Line("WHY THIS TRUST", .heading), lines(command), copying: command)
  }

  private func lines(_ command: String?) -> [Line] {
    let mark = session.inbox.trustMark(of: row)
    let organization = handshake.senderOrganization?.text ?? "an unknown organization"
    let account = handshake.senderAccount?.text ?? "an unknown account"
    var lines = [
      Line("organization  ", .quiet) + Line(organization),
      Line("managed by    ", .quiet) + Line("\(account) (from the ARN)"),
      Line("calls itself  ", .quiet) + Line("~ ", .sender)
        + Line(handshake.senderName.map { session.format.exact($0) } ?? "nothing", .sender),
      Line(),
      mark.label + Line("  " + mark.reason),
    ]
    if let known = session.inbox.lookAlike(of: row) { lines += lookAlikeLines(known) }
    if let id = handshake.senderOrganization, let entry = session.inbox.trustList[id] {
      lines += listedLines(entry, handshake)
    } else if let command {
      lines += [
        Line(), Line("If you know it from a source other than this screen (y copies):"),
        Line("  \(command)", .key),
      ]
    }
    return lines
  }

  private func lookAlikeLines(_ known: LookAlike) -> [Line] {
    [
      Line("LOOK-ALIKE    ", .danger, bold: true)
        + Line("it is not your \(session.format.exact(known.name))", .danger),
      Line("yours is      ", .quiet)
        + Line("\(known.organization.text) managed by \(known.account.text)"),
    ]
  }

  private func listedLines(_ entry: TrustedOrganization, _ handshake: Handshake) -> [Line] {
    let agrees = entry.managementAccount == handshake.senderAccount
    let names = session.inbox.trustList.names(
      of: entry.organization, managedBy: entry.managementAccount)
    let listed =
      entry.name.isEmpty
      ? Line("(no name)", .warning) : Line(session.format.exact(entry.name))
    let seen = names.filter { $0 != entry.name }.map { session.format.exact($0) }
    var lines = [
      Line("listed as     ", .quiet) + listed,
      Line("with account  ", .quiet)
        + Line(entry.managementAccount.text, agrees ? .plain : .danger),
      Line("added         ", .quiet)
        + Line("\(session.format.minute(entry.addedAt)) by \(session.format.exact(entry.addedBy))"),
    ]
    if !seen.isEmpty {
      let text = "~ " + seen.joined(separator: ", ")
      lines.append(Line("seen as       ", .quiet) + Line(text, .sender))
    }
    if names.isEmpty {
      lines.append(Line("no name known: look-alikes of it cannot be found", .warning))
    }
    return lines
  }

  /// Returns the command that adds a sender to the trust list.
  ///
  /// It contains the name that the sender gives itself, so that look-alikes of it are found. Nil
  /// for a sender that is trusted or listed with another management account.
  var command: String? {
    guard session.inbox.trust(of: row) == .new, !handshake.isAmbiguous, let arn = handshake.arn,
      session.inbox.trustList[arn.organization] == nil
    else { return nil }
    var words = ["handshake", "trust", "add", arn.organization.text, arn.account.text]
      .map { Untrusted($0) }
    if let name = handshake.senderName, !name.isBlank {
      // One word, so that no name is read as an option.
      let isOption = name.bytes.first == UInt8(ascii: "-")
      words +=
        isOption
        ? [Untrusted(bytes: Array("--name=".utf8) + name.bytes)] : [Untrusted("--name"), name]
    }
    return ShellWords.text(words, in: session.launch.charset)
  }
}
