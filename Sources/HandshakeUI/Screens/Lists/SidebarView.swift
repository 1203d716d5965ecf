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
    var lines = [entry("all accounts", state.openCountOfAll, isChosen: state.scope == nil)]
    let profiles = state.inbox.roster
    let shown = profiles.count > rows - 1 ? rows - 2 : profiles.count
    for key in profiles.prefix(shown) {
      let isChosen = key.account != nil && state.scope == key.account
      lines.append(entry(state.name(of: key), count(key), isChosen: isChosen))
    }
    if shown < profiles.count {
      lines.append(Line("  \(profiles.count - shown) more (4: all)", .quiet))
    }
    return lines
  }

  /// Never zero for a profile that was not read.
  private func count(_ key: ProfileKey) -> String {
    switch key {
    case .unresolved(let name):
      return state.inbox.unresolvedProfile(name)?.error == nil ? "?" : "!"
    case .account(let account): return state.openCount(of: account)
    }
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
    let trust = state.inbox.trustMark(of: row)
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
