import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording

/// A screen as a value: its state, what its keys do, and how it is drawn.
///
/// A screen knows the session and no other screen. What is to happen to the stack is part of its
/// `Reaction`. A new screen is a type in a file of its own, and the line that opens it.
protocol Screen: Equatable, Sendable {
  /// The context whose commands the keys trigger.
  var context: KeyContext { get }

  /// Handles an event; returns `.unhandled` for one that does not concern the screen.
  mutating func handle(_ event: ScreenEvent, _ session: inout Session) -> Reaction

  /// Draws the screen; a dialog draws over the screen below it.
  func draw(_ session: Session, _ canvas: inout Canvas)

  /// Returns the effects of being opened.
  mutating func open(_ session: inout Session) -> [Effect]

  /// Returns the effects of being closed.
  func close(_ session: inout Session) -> [Effect]

  /// Returns the next time at which the screen changes by itself, on the monotonic clock.
  func nextTick(after uptime: Span) -> Span?

  /// Returns the reason why a command is unavailable; nil if it can be used.
  func disabledReason(of command: Command, _ session: Session) -> String?

  /// Returns whether a notice is shown in the last row, over the screen below.
  func showsInLastRow(_ notice: Notice) -> Bool

  /// Whether a question for a one-time code may appear over the screen: the operator neither types
  /// nor confirms anything.
  var admitsQuestion: Bool { get }

  /// Whether nothing of the screen below may be seen.
  var hidesScreenBelow: Bool { get }

  /// What still goes on and is shown on a terminal that is too small for the screen; such a screen
  /// receives keys at any size.
  var ongoing: Line? { get }

  /// Whether a confirmation is typed.
  var isConfirming: Bool { get }

  /// Whether Enter would now send, or start the grace period.
  var isOneEnterFromSending: Bool { get }
}

extension Screen {
  func open(_ session: inout Session) -> [Effect] { [] }
  func close(_ session: inout Session) -> [Effect] { [] }
  func nextTick(after uptime: Span) -> Span? { nil }
  func disabledReason(of command: Command, _ session: Session) -> String? { nil }
  func showsInLastRow(_ notice: Notice) -> Bool { true }
  var admitsQuestion: Bool { true }
  var hidesScreenBelow: Bool { false }
  var ongoing: Line? { nil }
  var isConfirming: Bool { false }
  var isOneEnterFromSending: Bool { false }

  /// Returns whether another screen is of the same kind and in the same state.
  func isEqual(to other: (any Screen)?) -> Bool { (other as? Self) == self }
}

/// An event for a screen.
enum ScreenEvent: Equatable, Sendable {
  /// A key, before it is looked up in the command table.
  case key(Key)
  /// A command that a key triggered, or the palette, and that is available.
  case command(Command)
  /// A message of the shell that is neither a key nor for the session alone.
  case message(Message)
}

/// What follows from an event: effects for the shell, and changes that the navigation makes.
struct Reaction {
  /// A change of the stack of screens.
  enum Change {
    /// Closes the screen that reacts.
    case close
    /// Opens a dialog; it takes the place of the one that reacts.
    case open(any Screen)
    /// Puts a screen in place of the dialog that reacts; what was typed ahead is for it.
    case replace(any Screen)
    /// Opens a handshake over the list.
    case openHandshake(DetailScreen)
    /// Closes the opened handshake and shows a list.
    case show(Tab)
    /// Shows the handshakes of one account in every list; of all accounts for nil.
    case scope(AccountID?)
    /// Sorts the list.
    case order(RowOrder)
    /// Moves the list's focus to a row.
    case focus(RowKey)
    /// Removes a row's mark in the list.
    case unmark(RowKey)
    /// Closes the screen and carries out a command on the one below.
    case run(Command)
    /// Gives a key to the screen below.
    case pass(Key)
  }

  var effects: [Effect] = []
  var changes: [Change] = []
  /// Whether the event concerned the screen.
  var isHandled = true

  /// The event changed at most the screen itself and the session.
  static let stay = Reaction()
  /// The event does not concern the screen.
  static let unhandled = Reaction(isHandled: false)
  static let close = Reaction(changes: [.close])

  static func effects(_ effects: [Effect]) -> Reaction { Reaction(effects: effects) }

  static func open(_ screen: any Screen) -> Reaction { Reaction(changes: [.open(screen)]) }

  static func openHandshake(_ detail: DetailScreen) -> Reaction {
    Reaction(changes: [.openHandshake(detail)])
  }
}
