import Drawing
import Model
import Review
import Text

/// A login that is under way: what a person has to do for it in a browser.
struct LoginDialog: Equatable, Sendable {
  let token: Token
  let profile: Untrusted
  /// Where to go, as soon as it is known.
  var invitation: BrowserLogin?
  /// When it came.
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

  /// The login is given up with its dialog.
  mutating func abandon(_ login: LoginDialog) -> [Effect] {
    guard requests.end(login.token) != nil else { return [] }
    notice = Notice("login cancelled")
    return [.abandon(login.token)]
  }
}
