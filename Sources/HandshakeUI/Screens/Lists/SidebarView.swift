import Drawing
import Model
import Review

/// The accounts, and how the shown rows spread over trust and expiry.
struct SidebarView {
  let state: State

  func draw(_ canvas: inout Canvas) {
    var lines = accounts(rows: max(4, canvas.size.rows - 8))
    lines += [Line(), Line("TRUST", .heading)] + trusts
    for (row, line) in lines.prefix(canvas.size.rows).enumerated() { canvas.draw(line, row: row) }
  }

  private func accounts(rows: Int) -> [Line] {
    let total = state.inbox.listing(.inbox).total
    var lines = [entry("all accounts", "\(total)", isChosen: state.scope == nil)]
    let profiles = state.inbox.profiles
    let shown = profiles.count > rows - 1 ? rows - 2 : profiles.count
    for profile in profiles.prefix(shown) {
      let status = state.inbox.sources[SourceKey(profile.account, .received)]?.status
      let count: String
      switch status {
      case .complete: count = "\(state.inbox.openInvitations(for: profile.account))"
      case .failed: count = "!"
      default: count = "?"
      }
      lines.append(
        entry(
          state.name(of: profile.account), count, isChosen: state.scope == profile.account))
    }
    if shown < profiles.count {
      lines.append(Line("  \(profiles.count - shown) more: 4", .quiet))
    }
    return lines
  }

  private func entry(_ name: String, _ count: String, isChosen: Bool) -> Line {
    let lines = LineSet.of(state.launch.charset)
    let role: Role = count == "!" ? .danger : isChosen ? .focus : .plain
    return Line(isChosen ? "> " : "  ", .focus) + Line(name, role).padded(to: 17, lines)
      + Line(count, role).padded(to: 5, lines, alignRight: true)
  }

  /// Of the rows on the screen only: counting all would format what is not shown.
  private var trusts: [Line] {
    guard let row = state.focusedRow else { return [] }
    let trust = state.inbox.trust(of: row)
    return trust.reason.split(separator: " ").reduce(into: [Line("  ") + trust.label]) {
      lines, word in
      if let last = lines.last, lines.count > 1, last.width + word.utf8.count + 1 <= 24 {
        lines[lines.count - 1] += Line(" \(word)", .quiet)
      } else {
        lines.append(Line("  \(word)", .quiet))
      }
    }
  }
}
