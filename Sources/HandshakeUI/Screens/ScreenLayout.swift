import Drawing
import Model
import ReviewAnswering

/// The rectangles of a list's screen at a given size (UX-18.4).
struct ScreenLayout: Hashable {
  enum Width: Hashable {
    /// The list above the facts.
    case narrow
    /// The list above the tree and the effects.
    case medium
    /// Sidebar, list and detail side by side, in boxes.
    case wide
  }

  static let least = Size(columns: 60, rows: 16)

  let width: Width
  let title: Rect
  let sidebar: Rect?
  /// The list with its heading, and with its border in the wide layout.
  let list: Rect
  let facts: Rect
  /// One line with the counts, or several with the planned answers.
  let plan: Rect
  let activity: Rect?
  let notice: Rect
  let footer: Rect

  /// The number of lines that show rows.
  var listRows: Int { max(0, list.rows - (width == .wide ? 3 : 1)) }

  static func fits(_ size: Size) -> Bool {
    size.columns >= least.columns && size.rows >= least.rows
  }

  init(_ size: Size) {
    width = size.columns >= 160 ? .wide : size.columns >= 120 ? .medium : .narrow
    var rest = Rect(size)
    title = rest.takeTop(2)
    footer = rest.takeBottom(size.rows >= 44 && width == .wide ? 2 : 1)
    notice = rest.takeBottom(1)
    switch width {
    case .wide:
      var bottom = rest.takeBottom(size.rows >= 36 ? 9 : 1)
      activity = size.rows >= 44 ? bottom.takeRight(rest.columns / 3 + 2) : nil
      plan = bottom
      sidebar = rest.takeLeft(27)
      facts = rest.takeRight(66)
      list = rest
    case .medium, .narrow:
      activity = size.rows >= 44 ? rest.takeBottom(5) : nil
      plan = rest.takeBottom(size.rows >= 36 ? 5 : 1)
      sidebar = nil
      facts = rest.takeBottom(Self.factsRows(in: rest.rows, width))
      list = rest
    }
  }

  private static func factsRows(in rows: Int, _ width: Width) -> Int {
    switch width {
    case .narrow: min(max(4, rows / 2), rows > 24 ? 14 : 9)
    case .medium, .wide: rows * 3 / 5
    }
  }
}

extension State {
  var layout: ScreenLayout { ScreenLayout(size) }

  /// Whether the screen is large enough to review safely.
  var hasRoom: Bool { ScreenLayout.fits(size) }
}

/// The screen of a terminal that is too small to review safely; it still shows what is planned and
/// sent.
struct TooSmallView {
  let state: State

  func draw(_ canvas: inout Canvas) {
    let least = ScreenLayout.least
    let size = canvas.size
    var lines = [
      Line("handshake  too small to review safely", .warning),
      Line(
        "need \(least.columns) x \(least.rows), have \(size.columns) x \(size.rows)", .plain),
      Line(),
    ]
    lines += standing
    lines += [
      Line("the plan keys are off at this size"), Line(),
      Line("enlarge the window, or: handshake list", .quiet),
      Line("q quit   C-z suspend", .key),
    ]
    // On a very low screen the advice is left out.
    let shown = size.rows < lines.count ? standing + [lines[0], lines[1]] : lines
    for (row, line) in shown.enumerated() { canvas.draw(line, row: row) }
    canvas.placeCursor(row: 0, column: 0)
  }

  private var standing: [Line] {
    if case .sending(let sending) = state.dialog {
      let text = "\(sending.done) of \(sending.items.count) done"
      return [Line("SENDING: \(text)", .danger)]
    }
    let plan = state.plan
    let counts =
      "\(plan.count(of: .accept)) to accept, \(plan.count(of: .decline)) to decline, "
      + "\(plan.count(of: .cancel)) to cancel"
    let sent = state.sentAnswers.count
    let what = sent == 0 ? "nothing sent" : "\(sent) sent before, nothing being sent now"
    return plan.isEmpty
      ? [Line("nothing planned, \(what)")]
      : [Line("plan: \(counts)"), Line("      \(what)")]
  }
}
