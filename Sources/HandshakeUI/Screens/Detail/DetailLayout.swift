import Drawing

/// Where the parts of an opened handshake lie.
struct DetailLayout: Hashable {
  /// The banner with the verdict on the sender.
  let banner: Rect
  /// The tree and what follows it, or the raw JSON.
  let main: Rect
  /// Who, and what accepting does.
  let side: Rect?
  /// The raw JSON beside the rest.
  let raw: Rect?
  let plan: Rect
  let notice: Rect
  let footer: Rect
  /// Whether the screen is high enough for all that stands beside the tree.
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

  /// Lines of the raw JSON that are on the screen.
  var rawRows: Int { raw.map { max(0, $0.rows - 2) } ?? main.rows }

  /// What stands below the tree; the rest is beside it, if it is sure to fit there.
  var sections: [EntryID.Section] {
    side == nil || !isHigh
      ? EntryID.Section.allCases : [.damage, .checks, .refusals, .timeline, .legend]
  }
}
