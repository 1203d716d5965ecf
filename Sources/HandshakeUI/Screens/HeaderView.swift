import ReviewWording
import Drawing
import Model
import ReviewInbox
import Text

/// The two lines that never scroll away.
///
/// They show the lists, the account viewed, what is unknown, and whether anything can be sent.
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

  /// Returns the first line, with as much as fits before the mode.
  private func tabs(columns: Int) -> Line {
    let room = columns - modeLabel.width - 2
    let title = Line(" handshake ", .heading, bold: true)
    var line = title + tabs(separator: "  ", short: false, countsUnknown: true)
    if line.width > room { line = title + tabs(separator: "  ", short: false) }
    let callers = Line("   " + state.callers, .quiet)
    if line.width + callers.width <= room { return line + callers }
    if line.width > room { line = Line(" ") + tabs(separator: " ", short: false) }
    if line.width > room { line = Line(" ") + tabs(separator: " ", short: true) }
    return line.cut(to: room, LineSet.of(state.launch.charset))
  }

  private func tabs(separator: String, short: Bool, countsUnknown: Bool = false) -> Line {
    var line = Line()
    for tab in Tab.allCases {
      let name = short ? String(tab.title.prefix(4)) : tab.title
      let title = "\(tab.rawValue):\(name)\(count(tab, countsUnknown: countsUnknown))"
      line +=
        tab == state.tab
        ? Line("[\(title)]", .focus, bold: true) : Line(" \(title)")
      line += tab == .profiles ? failures : Line()
      line += Line(String(separator.dropLast()))
    }
    return line
  }

  /// Returns `27`; if not everything could be read `27, 1 unknown`, or `27+` if short of room; `?`
  /// for 0.
  private func count(_ tab: Tab, countsUnknown: Bool) -> String {
    switch tab {
    case .inbox, .sent:
      guard let selection = tab.selection else { return "" }
      let total = state.inbox.listing(selection).total
      // If not everything was read, the count is a minimum. A failed listing is unknown, never
      // zero.
      let summary = state.sourceSummary
      let unknown = summary.failed.count + (tab == .sent ? summary.unlistable.count : 0)
      if countsUnknown, summary.waiting == 0, unknown > 0, total > 0 {
        return " \(total), \(unknown) unknown"
      }
      return " " + State.known(total, isWhole: summary.waiting + unknown == 0)
    case .profiles: return " \(state.inbox.roster.count)"
    case .history, .audit: return ""
    }
  }

  private var failures: Line {
    let failed = state.sourceSummary.failed.count
    return failed == 0 ? Line() : Line(" !\(failed)", .danger, bold: true)
  }

  // MARK: The second line

  /// A part of the second line with its forms, the longest first; parts of low weight are dropped
  /// first.
  private struct Piece {
    var forms: [Line]
    var weight: Int

    var line: Line { forms.first ?? Line() }

    init(line: Line, weight: Int) {
      self.init([line], weight: weight)
    }

    init(_ forms: [Line], weight: Int) {
      self.forms = forms
      self.weight = weight
    }

    /// Changes to the next shorter form; returns false if there is none.
    mutating func shorten() -> Bool {
      guard forms.count > 1 else { return false }
      forms.removeFirst()
      return true
    }
  }

  /// Returns the second line, in which service and account come first and are never dropped.
  ///
  /// If it is too wide, decorative parts are dropped first, then the other parts take their shorter
  /// forms.
  private func identity(columns: Int) -> Line {
    let lines = LineSet.of(state.launch.charset)
    let label = Line(" \(state.launch.backend.rawValue)", .heading, bold: true)
    let offset = state.offset.map { Line(" \($0)", .warning) } ?? Line()
    var whose = Piece(whoseForms.map { Line(" \($0)").cut(to: columns / 2, lines) }, weight: 9)
    var pieces = strangers + self.pieces
    func isTooWide() -> Bool {
      let first = label.width + whose.line.width + offset.width
      return first + pieces.reduce(0) { $0 + $1.line.width + 2 } > columns
    }
    func drop(below weight: Int) {
      while isTooWide(), let least = pieces.map(\.weight).min(), least < weight {
        pieces.removeAll { $0.weight == least }
      }
    }
    drop(below: Self.decoration)
    for weight in Self.decoration...9 {
      for index in pieces.indices where pieces[index].weight == weight {
        while isTooWide(), pieces[index].shorten() {}
      }
    }
    while isTooWide(), whose.shorten() {}
    drop(below: 9)
    let first = label + whose.line + offset
    return pieces.reduce(first) { $0 + Line("  ") + $1.line }.cut(to: columns, lines)
  }

  /// The weight below which a part is not needed for a decision.
  private static let decoration = 5

  private var whoseForms: [String] {
    [state.whose, state.scope?.text].compactMap(\.self)
  }

  /// The endpoint, certificates and files that are not AWS's own or not the operator's alone.
  private var strangers: [Piece] {
    var pieces: [Piece] = []
    // `handshake info` shows the file that the certificates come from.
    if state.launch.certificates != nil {
      pieces.append(Piece(line: Line("CA", .danger), weight: 9))
    }
    if let endpoint = state.launch.endpoint {
      let forms = [40, 32, 26, 20, 16, 12].map {
        Line("endpoint: \(Self.end(of: endpoint, $0))", .danger)
      }
      pieces.append(Piece(forms, weight: 9))
    }
    if let file = state.launch.doubtfulFile {
      let long = [40, 26].map { Line("others may change: \(Self.end(of: file, $0))", .danger) }
      pieces.append(
        Piece(
          long + [Line("open: \(Self.end(of: file, 16))", .danger), Line("!FILE", .danger)],
          weight: 9))
    }
    return pieces
  }

  /// Returns the end of a host or path, which identifies it best.
  private static func end(of text: String, _ length: Int) -> String {
    text.utf8.count > length ? "..." + text.suffix(length) : text
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
    // The filter in effect, whatever is being typed.
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
      text = "as saved"
    } else {
      text += "read" + (summary.oldest.map { " \(state.pen.ago($0))" } ?? "")
    }
    let role: Role = summary.waiting > 0 ? .warning : .quiet
    let short = "\(summary.complete)/\(summary.total)"
    var pieces = [Piece([Line(text, role), Line(short, role)], weight: 5)]
    if let first = summary.failed.first {
      let more = summary.failed.count > 1 ? " and \(summary.failed.count - 1) more" : ""
      let name = state.name(of: first)
      let count = "!\(summary.failed.count) UNKNOWN"
      pieces.append(
        Piece(
          [Line("\(count): \(name)\(more)", .danger), Line(count, .danger)], weight: 7))
    }
    if state.shownQuestion == nil, !state.questions.isEmpty {
      pieces.append(Piece(line: Line("!CODE NEEDED", .danger, bold: true), weight: 9))
    }
    if let next = state.endingSoon.first {
      let text = "!login of \(state.name(of: next.account)) ends in \(next.left.sentenceWords)"
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
    // The text before the id is dropped rather than the end of the id.
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
