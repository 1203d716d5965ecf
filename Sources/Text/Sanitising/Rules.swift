/// How one sink differs from another.
struct Rules {
  enum LineFeed {
    case sign
    case escape
    case layout
  }

  var lineFeed = LineFeed.escape
  /// Tabs and odd spaces are shown as spaces.
  var laysOut = false
  var showsRightToLeft = false
  /// Marks past the fourth are counted rather than escaped one by one, and a mark without a base
  /// gets a dotted circle.
  var abbreviatesMarks = false
  /// Bytes of input that are shown; the rest is counted.
  var limit: Int?

  static let marksOnBase = 4
  static let shown = 64 * 1024
  /// More than the widest screen has columns. Lists render their cells anew for each frame.
  static let cell = 2 * 1024
  static let logged = 2 * 1024

  init(_ sink: Sink) {
    switch sink {
    case .cell:
      lineFeed = .sign
      abbreviatesMarks = true
      limit = Rules.cell
    case .dialog:
      limit = Rules.shown
    case .detail:
      lineFeed = .layout
      laysOut = true
      showsRightToLeft = true
      limit = Rules.shown
    case .log:
      limit = Rules.logged
    case .full, .clipboard, .csv:
      break
    }
  }
}
