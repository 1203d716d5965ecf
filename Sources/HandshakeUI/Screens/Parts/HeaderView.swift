import Drawing
import Model
import Review
import Text

/// The two lines that never scroll away: which lists there are, whose eyes, what is unknown, and
/// whether anything can be sent.
struct HeaderView {
  let state: State

  func draw(_ canvas: inout Canvas) {
    canvas.draw(tabs(columns: canvas.size.columns), row: 0)
    let mode = modeLabel
    canvas.draw(mode, row: 0, column: canvas.size.columns - mode.width - 1)
    canvas.draw(identity(columns: canvas.size.columns), row: 1)
  }

  private var modeLabel: Line {
    switch state.launch.mode {
    case .readOnly: Line("READ-ONLY", .good, bold: true)
    case .write: Line("WRITE", .warning, bold: true)
    }
  }

  /// The first line: as much as fits before the mode.
  private func tabs(columns: Int) -> Line {
    let room = columns - modeLabel.width - 2
    var line = Line(" handshake ", .heading, bold: true) + tabs(separator: "  ", short: false)
    let callers = Line("   " + state.callers, .quiet)
    if line.width + callers.width <= room { return line + callers }
    if line.width > room { line = Line(" ") + tabs(separator: " ", short: false) }
    if line.width > room { line = Line(" ") + tabs(separator: " ", short: true) }
    return line.cut(to: room, LineSet.of(state.launch.charset))
  }

  private func tabs(separator: String, short: Bool) -> Line {
    var line = Line()
    for tab in Tab.allCases {
      let name = short ? String(tab.title.prefix(4)) : tab.title
      let title = "\(tab.rawValue):\(name)\(count(tab))"
      line +=
        tab == state.tab
        ? Line("[\(title)]", .focus, bold: true) : Line(" \(title)")
      line += tab == .profiles ? failures : Line()
      line += Line(String(separator.dropLast()))
    }
    return line
  }

  private func count(_ tab: Tab) -> String {
    switch tab {
    case .inbox, .sent:
      guard let selection = tab.selection else { return "" }
      let total = state.inbox.listing(selection).total
      // Not all was read: at least so many. What failed is unknown, never zero.
      let summary = state.sourceSummary
      let isWhole =
        summary.waiting + summary.failed.count == 0
        && (tab == .inbox || summary.withheld.isEmpty)
      return isWhole ? " \(total)" : " \(total)+"
    case .profiles: return " \(state.inbox.roster.count)"
    case .history, .audit: return ""
    }
  }

  private var failures: Line {
    let failed = state.sourceSummary.failed.count
    return failed == 0 ? Line() : Line(" !\(failed)", .danger, bold: true)
  }

  // MARK: The second line

  /// A piece of the second line; those of the lowest weight leave first.
  private struct Piece {
    var line: Line
    var weight: Int
  }

  private func identity(columns: Int) -> Line {
    let label = Line(" \(state.launch.backend.rawValue)", .heading, bold: true)
    let endpoint = state.launch.endpoint.map { Line("  endpoint: \(Self.shown($0))", .danger) }
    let certificates = state.launch.certificates.map {
      Line(
        "  certificates: "
          + Self.shown(Sanitiser.render($0, for: .full, in: state.launch.charset)), .danger)
    }
    let file = state.launch.doubtfulFile.map {
      Line("  others may change: \(Self.shown($0))", .danger)
    }
    let offset = state.offset.map { Line(" \($0)", .warning) } ?? Line()
    let whose = Line(" \(state.whose)")
    let lines = LineSet.of(state.launch.charset)
    var pieces = pieces
    let strangers = [endpoint, certificates, file].compactMap(\.self).reduce(Line()) { $0 + $1 }
    let place = label + strangers + offset
    let first = place + whose.cut(to: max(20 - place.width, columns / 2 - place.width, 8), lines)
    func width() -> Int { first.width + pieces.reduce(0) { $0 + $1.line.width + 2 } }
    while width() > columns, let least = pieces.map(\.weight).min(), least < 9 {
      pieces.removeAll { $0.weight == least }
    }
    return pieces.reduce(first) { $0 + Line("  ") + $1.line }.cut(to: columns, lines)
  }

  /// Whose a host is, and what a file is, its end tells.
  private static func shown(_ host: String) -> String {
    host.utf8.count > 40 ? "..." + host.suffix(40) : host
  }

  private var pieces: [Piece] {
    if let detail = state.detail { return detailPieces(detail) }
    let list = state.lists[state.tab]
    var pieces: [Piece] = []
    if let selection = state.tab.selection {
      let listing = state.inbox.listing(selection)
      pieces.append(Piece(line: filter(list), weight: list.filter.isEmpty ? 1 : 8))
      let sign = state.launch.charset == .utf8 ? (up: "↑", down: "↓") : (up: "^", down: "v")
      let order = listing.order
      pieces.append(
        Piece(
          line: Line("sort:\(order.field.rawValue)\(order.isDescending ? sign.down : sign.up)"),
          weight: 2))
      pieces.append(Piece(line: Line("\(listing.count) of \(listing.total)"), weight: 4))
      if listing.waiting > 0 {
        pieces.append(Piece(line: Line("\(listing.waiting) new, r", .warning), weight: 9))
      }
      if !list.marks.isEmpty { pieces.append(Piece(line: marks(list, selection), weight: 6)) }
    }
    return pieces + sources
  }

  private func filter(_ list: ListState) -> Line {
    let pen = state.pen
    // What acts, whatever is being typed.
    guard !list.filter.isEmpty else { return Line("/ no filter", .quiet) }
    return Line("/ ", .key) + Line(pen.typed(list.filter), .warning)
  }

  private func marks(_ list: ListState, _ selection: RowSelection) -> Line {
    let hidden = state.inbox.hidden(of: list.marks, in: selection)
    let text = "\(list.marks.count) marked" + (hidden > 0 ? ", \(hidden) hidden" : "")
    return Line(text, .marked)
  }

  private var sources: [Piece] {
    let summary = state.sourceSummary
    let isDocument = state.launch.backend == .document
    var text = isDocument ? "" : "\(summary.complete)/\(summary.total) "
    if summary.waiting > 0 {
      text += "reading"
    } else if isDocument {
      text = "as it was saved"
    } else {
      text += "fresh" + (summary.oldest.map { " \(state.pen.age($0))" } ?? "")
    }
    var pieces = [Piece(line: Line(text, summary.waiting > 0 ? .warning : .quiet), weight: 5)]
    if let first = summary.failed.first {
      let more = summary.failed.count > 1 ? " and \(summary.failed.count - 1) more" : ""
      let name = state.name(of: first)
      pieces.append(
        Piece(line: Line("!\(summary.failed.count) UNKNOWN: \(name)\(more)", .danger), weight: 7))
    }
    if state.shownQuestion == nil, !state.questions.isEmpty {
      pieces.append(Piece(line: Line("!CODE ASKED", .danger, bold: true), weight: 9))
    }
    if let next = state.endingSoon.first {
      let text = "!login of \(state.name(of: next.account)) ends in \(state.pen.span(next.left))"
      pieces.append(Piece(line: Line(text, .warning), weight: 6))
    }
    if state.trustFault != nil {
      pieces.append(Piece(line: Line("!TRUST LIST", .danger), weight: 8))
    }
    if state.journal.fault != nil {
      pieces.append(Piece(line: Line("!JOURNAL", .danger), weight: 8))
    }
    return pieces
  }

  private func detailPieces(_ detail: DetailState) -> [Piece] {
    let position = state.linePosition(of: .row(detail.key))
    let place = position.map { "\($0 + 1) of \(state.lineCount)" } ?? "not in the list"
    let row = state.inbox.row(detail.key)
    let id = row.map { state.idLabel($0) + $0.shape.otherLabel } ?? Line("?", .heading)
    // What stands before the id leaves rather than the end of the id.
    let title = "\(state.tab.title) > "
    let first = Line(" \(state.launch.backend.rawValue) \(state.whose)  ")
    let isWhole = first.width + title.utf8.count + id.width <= state.size.columns
    var pieces = [
      Piece(line: Line(isWhole ? title : "") + id, weight: 9),
      Piece(line: Line(place, .quiet), weight: 8),
    ]
    if !detail.search.isEmpty {
      pieces.append(
        Piece(line: Line("/ ", .key) + Line(state.pen.typed(detail.search)), weight: 5))
    }
    return pieces + sources
  }
}
