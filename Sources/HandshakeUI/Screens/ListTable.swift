import Drawing
import Model
import ReviewInbox
import ReviewJournal

/// The columns of a list, and its lines in them.
///
/// Ids are never cut: their columns are as wide as the longest id of the list, visible or not, so
/// that the columns do not move while the list scrolls.
struct ListTable {
  private let tab: Tab
  private let session: Session
  private let labels: Labels
  private let layout: ColumnLayout<ListColumn>
  private let lines: LineSet

  init(_ tab: Tab, _ session: Session, columns: Int) {
    self.tab = tab
    self.session = session
    labels = session.labels
    lines = LineSet.of(session.launch.charset)
    layout = ColumnLayout(Self.columns(of: tab, session), in: columns)
  }

  var heading: Line { layout.heading(lines) }

  func line(_ key: LineKey) -> Line {
    switch key {
    case .row(let key):
      guard let row = session.inbox.row(key) else { return Line() }
      let cells = RowCells(session: session, labels: labels, row: row, tab: tab)
      return layout.row(lines) { cells.cell($0) }
    case .profile(let key):
      let cells = ProfileCells(session: session, key: key)
      return layout.row(lines) { cells.cell($0) }
    case .record(let number):
      guard let record = session.journal.record(number) else {
        return Line()
      }
      let cells = RecordCells(session: session, record: record)
      return layout.row(lines) { cells.cell($0) }
    }
  }

  /// Returns the columns of a list; on a narrow screen those with the lowest `leaves` are dropped
  /// first.
  private static func columns(of tab: Tab, _ session: Session) -> [Column<ListColumn>] {
    let listing = tab.selection.map { session.inbox.listing($0) }
    let organizationID = max(12, listing?.organizationWidth ?? 0)
    let kind = kind(listing?.holdsOtherKinds ?? false)
    return switch tab {
    case .inbox:
      inboxColumns(organizationID, kind, double: "\(session.inbox.mostInvitations)x".utf8.count)
    case .sent: sentColumns(organizationID, kind)
    case .history: historyColumns(organizationID, kind)
    case .profiles: profileColumns(max(12, session.currentOverview.organizationWidth))
    case .audit: auditColumns(session.journal)
    }
  }

  /// Returns the column KIND, which may be dropped only if the list has nothing but invitations.
  private static func kind(_ holdsOthers: Bool) -> Column<ListColumn> {
    Column(.kind, "KIND", width: 7, leaves: holdsOthers ? nil : 3)
  }

  /// Returns the inbox's columns; an answered row stays until the next start and shows its final
  /// state.
  private static func inboxColumns(
    _ organizationID: Int, _ kind: Column<ListColumn>, double: Int
  ) -> [Column<ListColumn>] {
    [
      Column(.plan, "P", width: 1), Column(.trust, "TRUST", width: 5), kind,
      Column(.double, "", width: max(2, double)),
      Column(.organization, "ORGANIZATION", width: 16, stretch: 8, leaves: 6),
      Column(.organizationID, "ORG ID", width: organizationID),
      Column(.manager, "MGMT ACCOUNT", width: 12, leaves: 5),
      Column(.account, "YOUR ACCOUNT", width: 14, stretch: 4),
      Column(.accountID, "ACCOUNT ID", width: 12, leaves: 4),
      Column(.sent, "SENT", width: 6, leaves: 2),
      Column(.left, "LEFT", width: 8, alignRight: true),
      Column(.notes, "NOTES", width: 12, stretch: 60, leaves: 1),
    ]
  }

  private static func sentColumns(
    _ organizationID: Int, _ kind: Column<ListColumn>
  ) -> [Column<ListColumn>] {
    [
      Column(.plan, "P", width: 1), Column(.state, "STATE", width: 9), kind,
      Column(.recipient, "TO", width: 17, stretch: 24),
      Column(.account, "NAME", width: 12, stretch: 6, leaves: 4),
      Column(.organizationID, "FROM ORG", width: organizationID),
      Column(.sent, "SENT", width: 6, leaves: 2), Column(.left, "LEFT", width: 4, alignRight: true),
      Column(.notes, "NOTES", width: 12, stretch: 60, leaves: 1),
    ]
  }

  private static func historyColumns(
    _ organizationID: Int, _ kind: Column<ListColumn>
  ) -> [Column<ListColumn>] {
    [
      Column(.state, "STATE", width: 9), Column(.trust, "TRUST", width: 5), kind,
      Column(.organization, "ORGANIZATION", width: 16, stretch: 8, leaves: 6),
      Column(.organizationID, "ORG ID", width: organizationID),
      Column(.account, "ACCOUNT", width: 14, stretch: 4),
      Column(.sent, "SENT", width: 6, leaves: 1),
      Column(.who, "BY", width: 10, stretch: 6, leaves: 4),
      Column(.when, "WHEN", width: 6, leaves: 5),
      Column(.why, "WHY", width: 12, stretch: 60, leaves: 3),
    ]
  }

  private static func profileColumns(_ organizationID: Int) -> [Column<ListColumn>] {
    [
      Column(.account, "PROFILE", width: 14, stretch: 10),
      Column(.accountID, "ACCOUNT ID", width: 12),
      Column(.role, "ROLE", width: 10),
      Column(.organizationID, "IN ORG", width: organizationID, leaves: 1),
      Column(.open, "OPEN", width: 5, alignRight: true),
      Column(.source, "SOURCES", width: 12, stretch: 60),
    ]
  }

  private static func auditColumns(_ journal: JournalState) -> [Column<ListColumn>] {
    [
      Column(.number, "#", width: max(3, journal.numberWidth), alignRight: true),
      Column(.time, "TIME", width: 13, leaves: 3),
      Column(.who, "WHO", width: 10, stretch: 4, leaves: 2),
      Column(.event, "WHAT", width: 12),
      Column(.handshakeID, "HANDSHAKE", width: max(9, journal.idWidth)),
      Column(.why, "", width: 12, stretch: 80, leaves: 1),
    ]
  }
}

/// The columns of all lists.
enum ListColumn: Hashable, Sendable {
  case plan, trust, double, organization, organizationID, manager, account, accountID, kind, sent
  case left, notes, state, recipient, who, when, why, role, open, source, number, time, event
  case handshakeID
}
