import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import TestSupport
import Testing
import Text

@testable import HandshakeUI

/// A screen is built, driven and drawn with a session, and without any other screen.
@Suite struct SingleScreenTests {
  /// A session over the mock-ups, in which everything is read.
  private func session(columns: Int = 80, rows: Int = 24) async throws -> Session {
    try await Stage.open(columns: columns, rows: rows).interface.session
  }

  private func text(_ screen: some Screen, _ session: Session) -> String {
    var canvas = Canvas(session.size, session.launch.charset)
    screen.draw(session, &canvas)
    let frame = canvas.frame
    return (0..<frame.size.rows).map { frame.text(row: $0) }.joined(separator: "\n")
  }

  private func type(_ keys: String, on screen: inout some Screen, _ session: inout Session) {
    for key in Keyboard.keys(keys) {
      session.pass(to: session.uptime + Span(milliseconds: 100))
      _ = screen.handle(.key(key), &session)
    }
  }

  @Test("the help searches, scrolls and closes")
  func help() throws {
    var session = Session(Stage.launch(try World.mockup()))
    var help = HelpScreen(over: .list)
    #expect(text(help, session).contains("MOVE"))
    let key = help.handle(.key(.character("/")), &session)
    #expect(!key.isHandled)
    let command = help.handle(.command(.find(.filter)), &session)
    #expect(command.isHandled)
    type("plan accept", on: &help, &session)
    #expect(help.commands == [.stage(.accept)])
    #expect(text(help, session).contains(" / plan accept"))
    type("<Esc>", on: &help, &session)
    #expect(help.commands.count == Command.allCases.count)
    _ = help.handle(.command(.move(.last)), &session)
    #expect(help.scroll > 0)
    guard case .close? = help.handle(.command(.program(.quit)), &session).changes.first else {
      Issue.record("q does not close the help")
      return
    }
  }

  @Test("a menu moves and requests what was chosen, by its letter or by Enter")
  func menu() throws {
    var session = Session(Stage.launch(try World.mockup()))
    var menu = MenuScreen.orders(current: .standard)
    #expect(text(menu, session).contains("> e  expiry  now: ascending"))
    _ = menu.handle(.command(.move(.down)), &session)
    #expect(menu.focus == 1)
    let unknown = menu.handle(.key(.character("!")), &session)
    #expect(!unknown.isHandled)
    for event in [ScreenEvent.key(.character("s")), .command(.look(.open))] {
      let changes = menu.handle(event, &session).changes
      guard changes.count == 2, case .close = changes[0], case .order(let order) = changes[1]
      else {
        Issue.record("\(event) chooses nothing")
        continue
      }
      #expect(order == RowOrder(.sent))
    }
  }

  @Test("a login begins when it is opened, shows its address, and is cancelled when it is closed")
  func login() throws {
    var session = Session(Stage.launch(try World.mockup()))
    var login = LoginScreen(Untrusted("acme-old"))
    let effects = login.open(&session)
    guard case .logIn(let token, Untrusted("acme-old"))? = effects.first else {
      Issue.record("no login is asked for: \(effects)")
      return
    }
    #expect(text(login, session).contains("Requesting an address"))
    func invitation(_ profile: String) -> ScreenEvent {
      let login = BrowserLogin(
        profile: Untrusted(profile), url: Untrusted("https://example.com/d"),
        code: Untrusted("ABCD-EFGH"), validFor: .minutes(10))
      return .message(.loginInvited(login, at: session.uptime))
    }
    _ = login.handle(invitation("another"), &session)
    #expect(!text(login, session).contains("https://example.com/d"))
    _ = login.handle(invitation("acme-old"), &session)
    #expect(text(login, session).contains("https://example.com/d"))
    #expect(text(login, session).contains("valid for 10 min"))
    let closing = login.close(&session)
    #expect(closing == [.abandon(token)])
    #expect(session.notice?.text == "login cancelled")
    let again = login.close(&session)
    #expect(again == [])
  }

  @Test("a review draws letters, waits for its phrase, and is replaced by the sending")
  func review() async throws {
    var session = try await session()
    let row = try #require(session.inbox.row(1, in: .inbox))
    let refusal = session.stage(.decline, row)
    #expect(refusal == nil)
    var review = try #require(ReviewScreen.begin(session) as? ReviewScreen)
    let effects = review.open(&session)
    guard case .drawLetters(let token)? = effects.last else {
      Issue.record("no letters are asked for: \(effects)")
      return
    }
    _ = review.handle(.message(.lettersDrawn(token, "kq")), &session)
    #expect(text(review, session).contains("Type decline 1, then Enter."))
    session.pass(to: session.uptime + .seconds(1))
    type("decline 1", on: &review, &session)
    #expect(review.isOneEnterFromSending)
    #expect(text(review, session).contains("Complete: Enter sends."))
    let changes = review.handle(.key(.enter), &session).changes
    guard changes.count == 1, case .replace(let screen) = changes[0] else {
      Issue.record("nothing is sent: \(changes)")
      return
    }
    #expect((screen as? SendingScreen)?.items.map(\.id) == [try #require(row.id)])
    var sending = try #require(screen as? SendingScreen)
    _ = sending.open(&session)
    let run = try #require(sending.token)
    let intent = IntentID(from: SeededBytes())
    for (outcome, head) in [
      (WriteOutcome.notTried(.asked), "1 of 1 done   1 not applied   0 left"),
      (.unknown(.replyLost, intent), "1 of 1 done   0 not applied   1 unknown   0 left"),
    ] {
      let news = RunNews.ended(0, WriteResult(outcome))
      _ = sending.handle(.message(.runTold(run, news, at: session.uptime)), &session)
      #expect(text(sending, session).contains(head))
    }
  }

  @Test("a review that cannot begin says why in a panel, or opens nothing")
  func emptyReview() async throws {
    #expect(ReviewScreen.begin(try await session()) == nil)
  }

  @Test("a handshake goes to its neighbours, and asks the list to follow")
  func detail() async throws {
    var session = try await session(columns: 120, rows: 40)
    let keys = session.inbox.keys(0..<2, in: .inbox)
    var detail = DetailScreen(keys[0], from: .inbox, marks: [keys[1]])
    #expect(text(detail, session).contains("Handshake"))
    #expect(detail.disabledReason(of: .move(.previousHandshake), session) != nil)
    let changes = detail.handle(.command(.move(.nextHandshake)), &session).changes
    guard case .focus(let key)? = changes.first else {
      Issue.record("the list is not asked to follow: \(changes)")
      return
    }
    #expect(key == keys[1] && detail.key == keys[1])
    _ = detail.handle(.command(.look(.raw)), &session)
    #expect(detail.context == .raw)
    #expect(text(detail, session).contains("\"Id\""))
    // The mark was the list's: its removal is requested.
    #expect(detail.disabledReason(of: .stage(.drop), session) == nil)
    guard
      case .unmark(keys[1])? = detail.handle(.command(.stage(.drop)), &session).changes.first
    else {
      Issue.record("the mark stays")
      return
    }
    #expect(session.notice?.text == "unplanned: 0 of 1, 1 unmarked")
    #expect(detail.disabledReason(of: .stage(.drop), session) != nil)
  }

  @Test("a question for a code hears digits only after it was visible for a moment")
  func code() throws {
    var session = Session(Stage.launch(try World.mockup()))
    var code = CodeScreen()
    let request = CodeRequest(
      number: 7, device: Untrusted("arn:aws:iam::1:mfa/x"), profile: Untrusted("acme-old"))
    _ = code.handle(.message(.codeAsked(request, at: session.uptime)), &session)
    let hasAppeared = code.show(true, at: session.uptime)
    #expect(hasAppeared)
    type("123456", on: &code, &session)
    #expect(text(code, session).contains("> ****"))
    #expect(!text(code, session).contains("*****"))
    type("<C-u>123456", on: &code, &session)
    let effects = code.handle(.key(.enter), &session).effects
    #expect(effects == [.giveCode(7, OneTimeCode("123456"))])
    #expect(code.questions.isEmpty)
  }
}

/// A dialog that this program does not have: one type, and nothing else knows it.
private struct CounterScreen: Screen {
  var count = 0
  var context: KeyContext { .panel }

  mutating func handle(_ event: ScreenEvent, _ session: inout Session) -> Reaction {
    switch event {
    case .command(.move(.down)): count += 1
    case .message(.ticked): count += 10
    case .command(.look(.back)): return .close
    default: return .unhandled
    }
    return .stay
  }

  func draw(_ session: Session, _ canvas: inout Canvas) {
    canvas.box(canvas.size.dialog(rows: 1)) { $0.draw(Line("counted \(count)"), row: 0) }
  }

  func nextTick(after uptime: Span) -> Span? { uptime + .seconds(3) }
}

/// The stack gives a screen its keys and messages, whatever screen it is.
@Suite struct NavigationTests {
  private func counting() async throws -> Interface {
    var interface = try await Stage.open().interface
    interface.navigation.dialog = CounterScreen()
    return interface
  }

  private func text(_ interface: Interface) -> String {
    let frame = view(interface)
    return (0..<frame.size.rows).map { frame.text(row: $0) }.joined(separator: "\n")
  }

  private func press(_ key: Key, _ interface: inout Interface) -> [Effect] {
    update(&interface, .key(key, at: interface.uptime + Span(milliseconds: 100)))
  }

  @Test("a dialog that nothing else knows gets keys and ticks, and is drawn")
  func newDialog() async throws {
    var interface = try await counting()
    #expect(interface.context == .panel)
    let effects = press(.character("j"), &interface)
    #expect(effects == [])
    #expect(text(interface).contains("counted 1"))
    #expect(interface.nextTick == interface.uptime + .seconds(3))
    _ = update(&interface, .ticked(at: interface.uptime + .seconds(3)))
    #expect(text(interface).contains("counted 11"))
    _ = press(.escape, &interface)
    #expect(interface.context == .list)
    #expect(!text(interface).contains("counted"))
  }

  @Test("a key that it does not handle is explained; the keys of the program work over it")
  func unhandled() async throws {
    var interface = try await counting()
    _ = press(.function(5), &interface)
    #expect(
      text(interface).hasSuffix("F5: not used (?: all keys)" + String(repeating: " ", count: 53)))
    let redraw = press(.control("l"), &interface)
    let suspend = press(.control("z"), &interface)
    #expect(redraw == [.redraw] && suspend == [.suspend])
    _ = press(.control("c"), &interface)
    #expect(interface.dialog == nil)
    #expect(text(interface).contains("C-c again: quit"))
  }

  @Test("a one-time code is asked over it, and C-c goes on to it")
  func code() async throws {
    var interface = try await counting()
    let request = CodeRequest(number: 1, device: Untrusted("d"), profile: Untrusted("p"))
    let asked = update(&interface, .codeAsked(request, at: interface.uptime))
    #expect(asked == [.flushInput])
    #expect(interface.context == .code)
    _ = press(.character("j"), &interface)
    #expect(text(interface).contains("ONE-TIME CODE"))
    let answered = press(.control("c"), &interface)
    #expect(answered == [.giveCode(1, nil)])
    #expect(interface.dialog == nil)
  }
}
