import Drawing
import Model
import Review

/// The columns of a list, and its lines in them. Ids are never cut: their columns are as wide as the
/// widest that is shown.
struct ListTable {
  let state: State
  private let layout: ColumnLayout<ListColumn>
  private var lines: LineSet { LineSet.of(state.launch.charset) }

  init(state: State, keys: [LineKey], columns: Int) {
    self.state = state
    let rows = keys.compactMap { $0.row.flatMap { state.inbox.row($0) } }
    let widest = rows.map { $0.handshake.senderOrganization?.text.utf8.count ?? 0 }.max() ?? 0
    layout = ColumnLayout(
      Self.columns(
        of: state.tab, organizationID: max(12, widest),
        hasAnswered: rows.contains { !$0.handshake.isPending }), in: columns)
  }

  var heading: Line { layout.heading(lines) }

  func line(_ key: LineKey) -> Line {
    switch key {
    case .row(let key):
      guard let row = state.inbox.row(key) else { return Line() }
      let cells = RowCells(state: state, row: row)
      return layout.row(lines) { cells.cell($0) }
    case .profile(let key):
      let cells = ProfileCells(state: state, key: key)
      return layout.row(lines) { cells.cell($0) }
    case .record(let number):
      guard let record = state.journal.records.last(where: { $0.sequence == number }) else {
        return Line()
      }
      let cells = RecordCells(state: state, record: record)
      return layout.row(lines) { cells.cell($0) }
    }
  }

  /// When narrow, columns go in the order of UX.md 5.
  private static func columns(
    of tab: Tab, organizationID: Int, hasAnswered: Bool
  ) -> [Column<ListColumn>] {
    switch tab {
    case .inbox: inboxColumns(organizationID, hasAnswered: hasAnswered)
    case .sent: sentColumns(organizationID)
    case .history: historyColumns(organizationID)
    case .profiles: profileColumns
    case .audit: auditColumns
    }
  }

  /// A row that was answered stays until the next start and tells what became of it: `ACCEPTED`.
  private static func inboxColumns(
    _ organizationID: Int, hasAnswered: Bool
  ) -> [Column<ListColumn>] {
    [
      Column(.plan, "P", width: 1), Column(.trust, "TRUST", width: 5),
      Column(.double, "", width: 2),
      Column(.organization, "ORGANIZATION", width: hasAnswered ? 16 : 17, stretch: 8, leaves: 6),
      Column(.organizationID, "ORG ID", width: organizationID),
      Column(.manager, "MGMT ACCOUNT", width: 12, leaves: 5),
      Column(.account, "YOUR ACCOUNT", width: 14, stretch: 4),
      Column(.accountID, "ACCOUNT ID", width: 12, leaves: 4),
      Column(.kind, "KIND", width: 8, leaves: 3), Column(.sent, "SENT", width: 6, leaves: 2),
      Column(.left, "LEFT", width: hasAnswered ? 8 : 4, alignRight: true),
      Column(.notes, "NOTES", width: 12, stretch: 60, leaves: 1),
    ]
  }

  private static func sentColumns(_ organizationID: Int) -> [Column<ListColumn>] {
    [
      Column(.plan, "P", width: 1), Column(.state, "STATE", width: 9),
      Column(.recipient, "TO", width: 17, stretch: 24),
      Column(.account, "NAME", width: 12, stretch: 6, leaves: 4),
      Column(.organizationID, "FROM ORG", width: organizationID),
      Column(.kind, "KIND", width: 8, leaves: 3), Column(.sent, "SENT", width: 6, leaves: 2),
      Column(.left, "LEFT", width: 4, alignRight: true),
      Column(.notes, "NOTES", width: 12, stretch: 60, leaves: 1),
    ]
  }

  private static func historyColumns(_ organizationID: Int) -> [Column<ListColumn>] {
    [
      Column(.state, "STATE", width: 9), Column(.trust, "TRUST", width: 5),
      Column(.organization, "ORGANIZATION", width: 16, stretch: 8, leaves: 6),
      Column(.organizationID, "ORG ID", width: organizationID),
      Column(.account, "ACCOUNT", width: 14, stretch: 4),
      Column(.kind, "KIND", width: 8, leaves: 2), Column(.sent, "SENT", width: 6, leaves: 1),
      Column(.who, "BY", width: 10, stretch: 6, leaves: 4),
      Column(.when, "WHEN", width: 6, leaves: 5),
      Column(.why, "WHY", width: 12, stretch: 60, leaves: 3),
    ]
  }

  private static let profileColumns: [Column<ListColumn>] = [
    Column(.account, "PROFILE", width: 14, stretch: 10),
    Column(.accountID, "ACCOUNT ID", width: 12),
    Column(.role, "ROLE", width: 10),
    Column(.organizationID, "IN ORG", width: 12, stretch: 8, leaves: 1),
    Column(.open, "OPEN", width: 5, alignRight: true),
    Column(.source, "SOURCES", width: 12, stretch: 60),
  ]

  private static let auditColumns: [Column<ListColumn>] = [
    Column(.number, "#", width: 5, alignRight: true),
    Column(.time, "TIME", width: 13), Column(.who, "WHO", width: 10, stretch: 4, leaves: 2),
    Column(.event, "WHAT", width: 12), Column(.handshakeID, "HANDSHAKE", width: 18, leaves: 1),
    Column(.why, "", width: 12, stretch: 80),
  ]
}

/// What a column of one of the lists shows.
enum ListColumn: Hashable, Sendable {
  case plan, trust, double, organization, organizationID, manager, account, accountID, kind, sent
  case left, notes, state, recipient, who, when, why, role, open, source, number, time, event
  case handshakeID
}
