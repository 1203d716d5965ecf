import Drawing
import Model
import ReviewAnswering
import ReviewWording
import Text

/// A login in progress, with what the operator has to do in a browser.
struct LoginDialog: Equatable, Sendable {
  let token: Token
  let profile: Untrusted
  /// The address to open, as soon as it is known.
  var invitation: BrowserLogin?
  /// The time at which the address was received.
  var since: Span?
}

extension State {
  mutating func logIn() -> [Effect] {
    guard let profile = loginProfile else { return [] }
    let token = requests.begin(.login(profile))
    return open(.login(LoginDialog(token: token, profile: profile))) + [.logIn(token, profile)]
  }

  mutating func loginInvited(_ invitation: BrowserLogin) -> [Effect] {
    guard case .login(var login) = dialog, login.profile == invitation.profile else { return [] }
    login.invitation = invitation
    login.since = uptime
    dialog = .login(login)
    return []
  }

  mutating func loginEnded(_ token: Token, _ result: LoginResult) -> [Effect] {
    guard case .login(let profile) = requests.end(token) else { return [] }
    if case .login(let login) = dialog, login.token == token { dialog = nil }
    switch result {
    case .done:
      notice = Notice("logged in as profile \(pen.exact(profile)): reading what was unknown")
      return retryFailed()
    case .failed(let error):
      let words = Explanation(error, in: launch.charset)
      notice = Notice("not logged in as profile \(pen.exact(profile))", .fault)
      guard dialog == nil else { return [] }
      let lines = [Line(words.why), Line(), Line("next  ", .quiet) + Line(words.remedy)]
      let title = Line("NOT LOGGED IN: \(pen.exact(profile))", .danger)
      return open(
        .panel(Panel(title, lines, copying: lines.map(\.text).joined(separator: "\n"))))
    }
  }

  mutating func press(_ key: Key, in login: LoginDialog) -> [Effect] {
    let command = Command.bound(to: [key], in: .login)
    switch command {
    case .look(.back), .look(.outward):
      return back() ?? []
    case .take(.copyID):
      guard let url = login.invitation?.url else { return [] }
      return copy(pen.exact(url), as: "address")
    default:
      if let effects = pressAnywhere(command) { return effects }
      notice = Notice(Command.reasonNotBound([key], in: .login), .refusal)
      return []
    }
  }

  /// Cancels the login of a closed dialog.
  mutating func abandon(_ login: LoginDialog) -> [Effect] {
    guard requests.end(login.token) != nil else { return [] }
    notice = Notice("login cancelled")
    return [.abandon(login.token)]
  }
}

/// A request for a one-time code that a backend waits for.
struct CodeQuestion: Equatable, Sendable {
  let request: CodeRequest
  var typed = CodeField()
  /// The time since which the question is visible; nil while something else needs the keys.
  var shownSince: Span?

  /// The time in which keys are ignored, since they were typed before the question appeared.
  static let pause = Span(milliseconds: 300)
}

/// The digits typed so far; they are drawn as stars, and the description does not contain them.
struct CodeField: Equatable, Sendable {
  private var digits = ""

  var count: Int { digits.utf8.count }

  var code: OneTimeCode? { OneTimeCode(digits) }

  mutating func type(_ scalar: Unicode.Scalar) {
    guard count < 6, ("0"..."9").contains(scalar) else { return }
    digits.unicodeScalars.append(scalar)
  }

  mutating func removeLast() { _ = digits.popLast() }

  mutating func clear() { digits = "" }
}

extension CodeField: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  var description: String { "‹code›" }
  var debugDescription: String { description }
  var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension State {
  /// The question that receives the keys; nil while the operator types or confirms something else.
  var shownQuestion: CodeQuestion? {
    guard let question = questions.first, field == nil, hasRoom else { return nil }
    switch dialog {
    case nil, .login, .panel, .menu, .sending, .outcome: return question
    case .prompt, .help, .palette, .review: return nil
    }
  }

  mutating func ask(_ request: CodeRequest) -> [Effect] {
    questions.append(CodeQuestion(request: request))
    return []
  }

  mutating func withdraw(_ number: Int) -> [Effect] {
    questions.removeAll { $0.request.number == number }
    return []
  }

  /// Updates the question after every message; one that has just appeared discards the input before
  /// it.
  mutating func showQuestion() -> [Effect] {
    guard shownQuestion != nil else {
      if !questions.isEmpty { questions[0].shownSince = nil }
      return []
    }
    guard questions[0].shownSince == nil else { return [] }
    questions[0].shownSince = uptime
    chord = []
    return [.flushInput]
  }

  mutating func press(_ key: Key, in question: CodeQuestion) -> [Effect] {
    switch key {
    case .control("z"): return [.suspend]
    case .control("l"): return [.redraw]
    case .control("c"):
      let effects = answer(nil)
      if case .sending(let sending) = dialog { return effects + press(key, in: sending) }
      return effects + interrupt()
    default: break
    }
    guard let since = question.shownSince, uptime - since >= CodeQuestion.pause else { return [] }
    switch key {
    case .escape: return answer(nil)
    case .enter: return question.typed.code.map { answer($0) } ?? []
    case .backspace, .control("h"): questions[0].typed.removeLast()
    case .control("u"), .control("w"): questions[0].typed.clear()
    case .character(let scalar): questions[0].typed.type(scalar)
    default: break
    }
    return []
  }

  /// Inserts pasted digits as if they were typed; Enter must still be pressed.
  mutating func pasteCode(_ text: Untrusted) -> [Effect] {
    // One that was on its way before the question appeared is not meant for it.
    guard let since = questions.first?.shownSince, uptime - since >= CodeQuestion.pause else {
      notice = Notice("pasted text was ignored: it came before the question", .refusal)
      return []
    }
    for byte in text.bytes { questions[0].typed.type(Unicode.Scalar(byte)) }
    return []
  }

  private mutating func answer(_ code: OneTimeCode?) -> [Effect] {
    let question = questions.removeFirst()
    if code == nil {
      notice = Notice(
        "no code for profile \(pen.exact(question.request.profile)): R to ask again", .refusal)
    }
    return [.giveCode(question.request.number, code)]
  }
}

extension State {
  func draw(_ login: LoginDialog, _ canvas: inout Canvas) {
    let width = max(1, dialogRect(rows: 1).columns - 4)
    let lines = loginLines(login).flatMap { $0.wrapped(to: width) }
    let title = Line("LOG IN: \(pen.exact(login.profile))", .heading)
    canvas.box(dialogRect(rows: lines.count + 2), title) { canvas in
      var rest = canvas.bounds
      let keys = rest.takeBottom(1)
      canvas.draw(lines, from: 0, in: rest.insetByOne)
      canvas.placeCursor(row: 0, column: 1)
      let copies = login.invitation == nil ? Line() : Line(" y", .key) + Line(" copy the address  ")
      canvas.draw([copies + Line(" Esc", .key) + Line(" cancel")], from: 0, in: keys)
    }
  }

  private func loginLines(_ login: LoginDialog) -> [Line] {
    guard let invitation = login.invitation else {
      return [Line("Requesting an address and a code ...", .warning)]
    }
    let end = (login.since ?? uptime) + invitation.validFor
    let left =
      end > uptime ? "valid for \((end - uptime).sentenceWords)" : "expired: Esc, then L again"
    return [
      Line("Open this address in a browser, on any machine, and log in there:"), Line(),
      Line(pen.exact(invitation.url), .input, bold: true), Line(),
      Line("Compare the code there:  ")
        + Line(pen.exact(invitation.code), .input, bold: true)
        + Line("   \(left)", end > uptime ? .quiet : .danger),
      Line(
        "Confirm it only if both are the same: confirming a code logs in whoever requested it.",
        .quiet),
      Line(), Line("Waiting for the browser.", .warning),
    ]
  }

  func draw(_ question: CodeQuestion, _ canvas: inout Canvas) {
    let width = max(1, dialogRect(rows: 1).columns - 4)
    let request = question.request
    let lines = [
      Line("profile  ", .quiet) + Line(pen.exact(request.profile)),
      Line("device   ", .quiet) + Line(pen.exact(request.device)), Line(),
      Line("Six digits of the device. They are neither shown nor stored."),
    ].flatMap { $0.wrapped(to: width, indent: 9) }
    canvas.box(dialogRect(rows: lines.count + 3), Line("ONE-TIME CODE", .heading)) { canvas in
      var rest = canvas.bounds
      let keys = rest.takeBottom(1)
      canvas.draw(lines, from: 0, in: rest.insetByOne)
      let row = lines.count
      let stars = String(repeating: "*", count: question.typed.count)
      canvas.draw(Line(" > ", .heading) + Line(stars, .input), row: row)
      canvas.placeCursor(row: row, column: 3 + question.typed.count)
      let isReady = question.typed.code != nil
      canvas.draw(
        [
          Line(" Enter", isReady ? .key : .quiet) + Line(" submit", isReady ? .plain : .quiet)
            + Line("   Esc", .key) + Line(" none: the profile stays unknown")
        ], from: 0, in: keys)
    }
  }
}

extension Rect {
  /// The rectangle without its first and last column.
  fileprivate var insetByOne: Rect {
    Rect(row: row, column: column + 1, rows: rows, columns: max(0, columns - 2))
  }
}
