import Model
import Review

/// What a line of a list stands for. The focus is one of these, never a number of a line.
enum LineKey: Hashable, Sendable {
  case row(RowKey)
  /// Nil: all of them.
  case profile(ProfileKey?)
  /// By its number in the chain.
  case record(Int)

  var row: RowKey? {
    if case .row(let key) = self { key } else { nil }
  }
}

/// Where the operator is in one list.
struct ListState: Equatable, Sendable {
  /// Kept while a filter hides it.
  var focus: LineKey?
  /// The line that has the focus in place of one that is not shown.
  var standIn: LineKey?
  /// The screen line of `focus`, while another stands in for it.
  var hiddenLine = 0
  /// How many lines below the list's first one the focused line stands: rows that come in above it
  /// scroll the list rather than move it.
  var screenLine = 0
  /// Where the focused line was when it was last shown.
  var position = 0
  var marks: Set<RowKey> = []
  /// Where a range begins; moving marks up to it.
  var anchor: RowKey?
  /// What acts; never one that is not understood.
  var filter = ""
  /// What the filter was before it was edited.
  var filterBefore = ""
  /// Why what is being typed is no filter.
  var filterProblem: RowFilter.Problem?
}
