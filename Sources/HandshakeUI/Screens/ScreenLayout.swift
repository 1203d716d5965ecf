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

/// The rectangles of an opened handshake's parts.
struct DetailLayout: Hashable {
  /// The banner with the verdict on the sender.
  let banner: Rect
  /// The tree and the sections below it, or the raw JSON.
  let main: Rect
  /// The parties and the effects of the answer, beside the tree.
  let side: Rect?
  /// The raw JSON, beside the rest.
  let raw: Rect?
  let plan: Rect
  let notice: Rect
  let footer: Rect
  /// Whether the screen is high enough for everything that is shown beside the tree.
  private let isHigh: Bool

  init(_ size: Size, isRaw: Bool) {
    isHigh = size.rows >= 36
    var rest = Rect(size)
    _ = rest.takeTop(2)
    banner = rest.takeTop(1)
    footer = rest.takeBottom(1)
    notice = rest.takeBottom(1)
    plan = rest.takeBottom(1)
    if isRaw, size.columns < 160 {
      side = nil
      raw = nil
      main = rest
      return
    }
    raw = size.columns >= 160 ? rest.takeRight(82) : nil
    side = size.columns >= 120 ? rest.takeRight(size.columns >= 160 ? 44 : 48) : nil
    main = rest
  }

  /// The number of lines of raw JSON on the screen.
  var rawRows: Int { raw.map { max(0, $0.rows - 2) } ?? main.rows }

  /// The sections below the tree; effects are beside it if they are sure to fit there.
  var sections: [HandshakeSections.Section] {
    side == nil || !isHigh
      ? HandshakeSections.Section.allCases : [.damage, .checks, .refusals, .timeline, .legend]
  }
}

extension Size {
  /// Whether a terminal of this size is large enough to review safely.
  var hasRoom: Bool {
    columns >= ScreenLayout.least.columns && rows >= ScreenLayout.least.rows
  }

  /// The screen below the two title lines, which stay visible whatever is open.
  var belowTitle: Rect {
    var rest = Rect(self)
    _ = rest.takeTop(2)
    return rest
  }

  /// Returns a centred box for `rows` lines inside its border, at most 112 columns wide.
  func dialog(rows: Int) -> Rect {
    let wide = min(columns - 4, 112)
    return belowTitle.centred(rows: min(rows + 2, belowTitle.rows), columns: wide)
  }
}

extension Rect {
  /// The rectangle without its first and last column.
  var insetByOne: Rect {
    Rect(row: row, column: column + 1, rows: rows, columns: max(0, columns - 2))
  }
}

extension Canvas {
  /// Draws the lines from `scroll` on, as many as there is room for.
  mutating func draw(_ text: [Line], from scroll: Int, in rect: Rect) {
    inside(rect) { canvas in
      for (row, line) in text.dropFirst(scroll).prefix(rect.rows).enumerated() {
        canvas.draw(line, row: row)
      }
    }
  }
}

/// The screen of a terminal that is too small to review safely; it still shows what is planned and
/// sent.
struct TooSmallView {
  let session: Session
  /// What still goes on.
  let ongoing: Line?

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
    if let ongoing { return [ongoing] }
    let plan = session.plan
    let counts =
      "\(plan.count(of: .accept)) to accept, \(plan.count(of: .decline)) to decline, "
      + "\(plan.count(of: .cancel)) to cancel"
    let sent = session.answers.sent.count
    let what = sent == 0 ? "nothing sent" : "\(sent) sent before, nothing being sent now"
    return plan.isEmpty
      ? [Line("nothing planned, \(what)")]
      : [Line("plan: \(counts)"), Line("      \(what)")]
  }
}
