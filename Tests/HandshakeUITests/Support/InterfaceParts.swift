import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text

@testable import HandshakeUI

/// The parts of the interface that tests look at.
extension Interface {
  var inbox: Inbox { session.inbox }
  var size: Size { session.size }
  var layout: ScreenLayout { ScreenLayout(session.size) }
  var hasRoom: Bool { session.size.hasRoom }
  var uptime: Span { session.uptime }
  var plan: Plan {
    get { session.plan }
    _modify { yield &session.plan }
  }

  var list: ListScreen { navigation.list }
  var lists: ListStates { navigation.list.lists }
  var tab: Tab { navigation.list.tab }
  var isTouched: Bool { navigation.isTouched }
  var chord: [Key] { navigation.chord }
  /// The text field of the list or of the opened handshake.
  var field: LineEditor? { navigation.detail?.field ?? navigation.list.field }
  var dialog: (any Screen)? { navigation.dialog }
  var review: ReviewScreen? { navigation.dialog as? ReviewScreen }
  var isAsking: Bool { navigation.showsQuestion(in: session) }

  /// The handshake that keys act on.
  var focusedRow: Row? {
    if let detail = navigation.detail { detail.row(session) } else { list.focusedRow(session) }
  }

  /// Whether another interface has the same dialog, in the same state.
  func hasDialog(of other: Interface) -> Bool {
    dialog?.isEqual(to: other.dialog) ?? (other.dialog == nil)
  }
}
