import Drawing
import Model
import ReviewAnswering

/// The complete state of the interface: the session, and the screens that are open.
///
/// It is changed only by `update` and drawn by `view`.
public struct Interface: Equatable, Sendable {
  var session: Session
  var navigation: Navigation

  /// Creates the state before the first read.
  public init(_ launch: Launch) {
    session = Session(launch)
    navigation = Navigation(opening: launch.opening)
  }

  /// The context that receives the keys.
  public var context: KeyContext { navigation.context(in: session) }

  /// The time at which the shell should send `.ticked`, on the monotonic clock.
  public var nextTick: Span? {
    let uptime = session.uptime
    let minute = Span(milliseconds: (uptime.milliseconds / 60_000 + 1) * 60_000)
    return [navigation.dialog?.nextTick(after: uptime), minute].compactMap(\.self).min()
  }

  /// Whether the review is open, where a confirmation is typed.
  public var isConfirming: Bool { navigation.dialog?.isConfirming ?? false }

  /// Whether Enter would now send, or start the grace period.
  public var isOneEnterFromSending: Bool { navigation.dialog?.isOneEnterFromSending ?? false }

  /// Whether the session has ended.
  public var isOver: Bool { navigation.isOver }

  /// Returns the reason why a command is unavailable on the screen that is open; nil if it can be
  /// used.
  public func disabledReason(of command: Command) -> String? {
    navigation.disabledReason(of: command, session)
  }

  /// Updates the cached overview if accounts have changed; called before a frame is drawn.
  public mutating func prepareToDraw() { session.overview = session.currentOverview }
}

/// Applies a message and returns the effects; the only place where the interface changes.
public func update(_ interface: inout Interface, _ message: Message) -> [Effect] {
  if interface.isOver { return [] }
  if let uptime = message.uptime { interface.session.pass(to: uptime) }
  let effects = interface.route(message)
  return effects + interface.navigation.showQuestion(interface.session)
}

/// Returns the whole screen, in the size of the terminal.
///
/// It is never inlined: `Tests/system/bench/budgets` counts between its calls and their returns.
@inline(never)
public func view(_ interface: Interface) -> Frame {
  var session = interface.session
  session.overview = session.currentOverview
  var canvas = Canvas(session.size, session.launch.charset)
  interface.navigation.draw(session, &canvas)
  return canvas.frame
}

extension Interface {
  /// Gives a message to the session, to the navigation, or to one after the other.
  fileprivate mutating func route(_ message: Message) -> [Effect] {
    switch message {
    case .started: navigation.start(&session)
    case .key(let key, _): navigation.press(key, &session)
    case .pasted: navigation.paste(message, &session)
    // An Escape that answers a question for a code does not stop a run below it as well.
    case .stray where navigation.showsQuestion(in: session): []
    case .stray, .pasteBegan, .pasteAbandoned, .loginInvited: navigation.tell(message, &session)
    case .codeAsked, .codeWithdrawn: navigation.ask(message, &session)
    case .resized(let size): navigation.resize(to: size, &session)
    case .ticked: navigation.tick(message, &session)
    // Data may be out of date, and what was typed belongs to the screen before.
    case .resumed:
      [.redraw] + navigation.tell(message, &session)
        + (session.requests.contains { $0 == .run } ? [] : session.refreshAll())
    case .terminalLost: navigation.loseTerminal(&session)
    case .identityRead(let token, _, _), .pageRead(let token, _, _),
      .handshakeRead(let token, _, _), .profileResolved(let token, _, _),
      .loginEnded(let token, _, _), .trustRead(let token, _), .journalRead(let token, _),
      .lettersDrawn(let token, _), .runTold(let token, _, _), .reconciled(let token, _),
      .written(let token, _):
      reply(message, to: token)
    }
  }

  /// Handles the reply to a request; it is dropped if the request is no longer known.
  private mutating func reply(_ message: Message, to token: Token) -> [Effect] {
    defer { session.endRefresh() }
    guard let request = session.requests[token] else { return [] }
    let effects = navigation.read(message, for: request, &session)
    return effects + navigation.tell(message, &session)
  }
}

extension Message {
  /// The monotonic clock at the message, if it has one.
  fileprivate var uptime: Span? {
    switch self {
    case .key(_, let uptime), .pasted(_, let uptime), .stray(let uptime, _),
      .pasteBegan(let uptime), .pasteAbandoned(let uptime), .ticked(let uptime, _),
      .resumed(let uptime), .identityRead(_, _, let uptime), .pageRead(_, _, let uptime),
      .handshakeRead(_, _, let uptime), .profileResolved(_, _, let uptime),
      .loginInvited(_, let uptime), .loginEnded(_, _, let uptime), .codeAsked(_, let uptime),
      .codeWithdrawn(_, let uptime), .runTold(_, _, let uptime):
      uptime
    case .started, .resized, .terminalLost, .trustRead, .journalRead, .lettersDrawn, .reconciled,
      .written:
      nil
    }
  }
}
