import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text

/// The two lines that never scroll away.
///
/// They show the lists, the account viewed, what is unknown, and whether anything can be sent.
struct HeaderView {
  let session: Session
  let tab: Tab
  /// The parts about the open list or handshake, before those about the accounts.
  var lead: [Part] = []
  /// Whether a one-time code is needed and cannot be asked for now.
  var isCodeWaiting = false

  func draw(_ canvas: inout Canvas) {
    canvas.draw(tabs(columns: canvas.size.columns), row: 0)
    let mode = modeLabel
    canvas.draw(mode, row: 0, column: canvas.size.columns - mode.width - 1)
    canvas.draw(identity(columns: canvas.size.columns), row: 1)
  }

  private var modeLabel: Line {
    switch session.launch.mode {
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
    let callers = Line("   " + session.currentOverview.callers, .quiet)
    if line.width + callers.width <= room { return line + callers }
    if line.width > room { line = Line(" ") + tabs(separator: " ", short: false) }
    if line.width > room { line = Line(" ") + tabs(separator: " ", short: true) }
    return line.cut(to: room, LineSet.of(session.launch.charset))
  }

  private func tabs(separator: String, short: Bool, countsUnknown: Bool = false) -> Line {
    var line = Line()
    for other in Tab.allCases {
      let name = short ? String(other.title.prefix(4)) : other.title
      let title = "\(other.rawValue):\(name)\(count(other, countsUnknown: countsUnknown))"
      line +=
        other == tab
        ? Line("[\(title)]", .focus, bold: true) : Line(" \(title)")
      line += other == .profiles ? failures : Line()
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
      let total = session.inbox.listing(selection).total
      // If not everything was read, the count is a minimum. A failed listing is unknown, never
      // zero.
      let summary = session.sourceSummary
      let unknown = summary.failed.count + (tab == .sent ? summary.unlistable.count : 0)
      if countsUnknown, summary.waiting == 0, unknown > 0, total > 0 {
        return " \(total), \(unknown) unknown"
      }
      return " " + OpenCounts.known(total, isWhole: summary.waiting + unknown == 0)
    case .profiles: return " \(session.inbox.roster.count)"
    case .history, .audit: return ""
    }
  }

  private var failures: Line {
    let failed = session.sourceSummary.failed.count
    return failed == 0 ? Line() : Line(" !\(failed)", .danger, bold: true)
  }

  // MARK: The second line

  /// A part of the second line with its forms, the longest first; parts of low weight are dropped
  /// first.
  struct Part {
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
    let lines = LineSet.of(session.launch.charset)
    let label = Line(" \(session.launch.backend.rawValue)", .heading, bold: true)
    let offset = offset.map { Line(" \($0)", .warning) } ?? Line()
    var whose = Part(whoseForms.map { Line(" \($0)").cut(to: columns / 2, lines) }, weight: 9)
    var parts = foreign + lead + sources
    func isTooWide() -> Bool {
      let first = label.width + whose.line.width + offset.width
      return first + parts.reduce(0) { $0 + $1.line.width + 2 } > columns
    }
    func drop(below weight: Int) {
      while isTooWide(), let least = parts.map(\.weight).min(), least < weight {
        parts.removeAll { $0.weight == least }
      }
    }
    drop(below: Self.decoration)
    for weight in Self.decoration...9 {
      for index in parts.indices where parts[index].weight == weight {
        while isTooWide(), parts[index].shorten() {}
      }
    }
    while isTooWide(), whose.shorten() {}
    drop(below: 9)
    let first = label + whose.line + offset
    return parts.reduce(first) { $0 + Line("  ") + $1.line }.cut(to: columns, lines)
  }

  /// The weight below which a part is not needed for a decision.
  private static let decoration = 5

  /// The offset of the embedded organization's clock, `+16d`; nil if it was not advanced.
  private var offset: String? {
    let offset = session.launch.storeOffset
    guard offset != .zero else { return nil }
    let sign = offset < .zero ? "-" : "+"
    return sign + offset.magnitude.shortWords
  }

  private var whoseForms: [String] {
    [session.whose, session.scope?.text].compactMap(\.self)
  }

  /// The endpoint, certificates and files that are not AWS's own or not the operator's alone.
  private var foreign: [Part] {
    var parts: [Part] = []
    // `handshake info` shows the file that the certificates come from.
    if session.launch.certificates != nil {
      parts.append(Part(line: Line("CA", .danger), weight: 9))
    }
    if let endpoint = session.launch.endpoint {
      let forms = [40, 32, 26, 20, 16, 12].map {
        Line("endpoint: \(Self.end(of: endpoint, $0))", .danger)
      }
      parts.append(Part(forms, weight: 9))
    }
    if let file = session.launch.doubtfulFile {
      let long = [40, 26].map { Line("others may change: \(Self.end(of: file, $0))", .danger) }
      parts.append(
        Part(
          long + [Line("open: \(Self.end(of: file, 16))", .danger), Line("!FILE", .danger)],
          weight: 9))
    }
    return parts
  }

  /// Returns the end of a host or path, which identifies it best.
  private static func end(of text: String, _ length: Int) -> String {
    text.utf8.count > length ? "..." + text.suffix(length) : text
  }

  private var sources: [Part] {
    let summary = session.sourceSummary
    let isDocument = session.launch.backend == .document
    var text = isDocument ? "" : "\(summary.complete)/\(summary.total) "
    if summary.waiting > 0 {
      text += "reading"
    } else if isDocument {
      text = "as saved"
    } else {
      text += "read" + (summary.oldest.map { " \(session.format.ago($0))" } ?? "")
    }
    let role: Role = summary.waiting > 0 ? .warning : .quiet
    let short = "\(summary.complete)/\(summary.total)"
    var parts = [Part([Line(text, role), Line(short, role)], weight: 5)]
    if let first = summary.failed.first {
      let more = summary.failed.count > 1 ? " and \(summary.failed.count - 1) more" : ""
      let name = session.labels.name(of: first)
      let count = "!\(summary.failed.count) UNKNOWN"
      parts.append(
        Part(
          [Line("\(count): \(name)\(more)", .danger), Line(count, .danger)], weight: 7))
    }
    if isCodeWaiting {
      parts.append(Part(line: Line("!CODE NEEDED", .danger, bold: true), weight: 9))
    }
    if let next = session.currentOverview.endingSoon(at: session.now).first {
      let text =
        "!login of \(session.labels.name(of: next.account)) ends in \(next.left.sentenceWords)"
      parts.append(Part(line: Line(text, .warning), weight: 6))
    }
    if session.trustFault != nil {
      parts.append(Part(line: Line("!TRUST LIST", .danger), weight: 8))
    }
    if session.journal.fault != nil {
      parts.append(Part(line: Line("!JOURNAL", .danger), weight: 8))
    }
    return parts
  }
}
