import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text

/// A login in progress, with what the operator has to do in a browser.
struct LoginScreen: Screen {
  let profile: Untrusted
  /// The request, from the opening on.
  private var token: Token?
  /// The address to open, as soon as it is known.
  private var invitation: BrowserLogin?
  /// The time at which the address was received.
  private var since: Span?

  /// Creates the login of a profile; it begins when the screen is opened.
  init(_ profile: Untrusted) {
    self.profile = profile
  }

  var context: KeyContext { .login }

  // News would hide the key that cancels; a refusal disappears with the next key.
  func showsInLastRow(_ notice: Notice) -> Bool { notice.kind == .refusal }

  mutating func open(_ session: inout Session) -> [Effect] {
    let token = session.requests.begin(.login(profile))
    self.token = token
    return [.logIn(token, profile)]
  }

  /// Cancels the login, unless it has ended.
  func close(_ session: inout Session) -> [Effect] {
    guard let token, session.requests.end(token) != nil else { return [] }
    session.notice = Notice("login cancelled")
    return [.abandon(token)]
  }

  mutating func handle(_ event: ScreenEvent, _ session: inout Session) -> Reaction {
    switch event {
    case .command(.look(.back)), .command(.look(.outward)): return .close
    case .command(.take(.copyID)):
      guard let url = invitation?.url else { return .stay }
      return .effects(session.copy(session.format.exact(url), as: "address"))
    case .message(.loginInvited(let invitation, _)):
      guard profile == invitation.profile else { return .stay }
      self.invitation = invitation
      since = session.uptime
      return .stay
    case .message(.loginEnded(let token, let result, _)) where token == self.token:
      return end(result, &session)
    case .key, .command, .message: return .unhandled
    }
  }

  private func end(_ result: LoginResult, _ session: inout Session) -> Reaction {
    let name = session.format.exact(profile)
    switch result {
    case .done:
      session.notice = Notice("logged in as profile \(name): reading what was unknown")
      return Reaction(effects: session.retryFailed(), changes: [.close])
    case .failed(let error):
      let words = Explanation(error, in: session.launch.charset)
      // It is kept in the log; the panel says more.
      session.notice = Notice("not logged in as profile \(name)", .fault)
      session.notice = nil
      let lines = [Line(words.why), Line(), Line("next  ", .quiet) + Line(words.remedy)]
      return .open(
        PanelScreen(
          Line("NOT LOGGED IN: \(name)", .danger), lines,
          copying: lines.map(\.text).joined(separator: "\n")))
    }
  }
}

extension LoginScreen {
  func draw(_ session: Session, _ canvas: inout Canvas) {
    let size = canvas.size
    let width = max(1, size.dialog(rows: 1).columns - 4)
    let lines = lines(session).flatMap { $0.wrapped(to: width) }
    let title = Line("LOG IN: \(session.format.exact(profile))", .heading)
    canvas.box(size.dialog(rows: lines.count + 2), title) { canvas in
      var rest = canvas.bounds
      let keys = rest.takeBottom(1)
      canvas.draw(lines, from: 0, in: rest.insetByOne)
      canvas.placeCursor(row: 0, column: 1)
      let copies = invitation == nil ? Line() : Line(" y", .key) + Line(" copy the address  ")
      canvas.draw([copies + Line(" Esc", .key) + Line(" cancel")], from: 0, in: keys)
    }
  }

  private func lines(_ session: Session) -> [Line] {
    let (format, uptime) = (session.format, session.uptime)
    guard let invitation else {
      return [Line("Requesting an address and a code ...", .warning)]
    }
    let end = (since ?? uptime) + invitation.validFor
    let left =
      end > uptime ? "valid for \((end - uptime).sentenceWords)" : "expired: Esc, then L again"
    return [
      Line("Open this address in a browser, on any machine, and log in there:"), Line(),
      Line(format.exact(invitation.url), .input, bold: true), Line(),
      Line("Compare the code there:  ")
        + Line(format.exact(invitation.code), .input, bold: true)
        + Line("   \(left)", end > uptime ? .quiet : .danger),
      Line(
        "Confirm it only if both are the same: confirming a code logs in whoever requested it.",
        .quiet),
      Line(), Line("Waiting for the browser.", .warning),
    ]
  }
}
