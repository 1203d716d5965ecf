import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import Text

/// A dialog, which covers the screen and receives the keys.
enum Dialog: Equatable, Sendable {
  case menu(Menu)
  case panel(Panel)
  case prompt(Prompt)
  case help(HelpDialog)
  case palette(PaletteDialog)
  case review(ReviewDialog)
  case sending(SendingScreen)
  case outcome(OutcomeScreen)
  case login(LoginDialog)

  var place: KeyContext {
    switch self {
    case .menu: .menu
    case .panel: .panel
    case .prompt: .palette
    case .help: .help
    case .palette: .palette
    case .review: .review
    case .sending: .sending
    case .outcome: .outcome
    case .login: .login
    }
  }

  /// Returns the next time at which the dialog changes by itself, on the monotonic clock.
  func nextTick(after uptime: Span) -> Span? {
    switch self {
    case .review(let dialog): dialog.confirmation?.nextTick
    case .sending(let sending): sending.nextTick(after: uptime)
    case .menu, .panel, .prompt, .help, .palette, .outcome, .login: nil
    }
  }

  /// Inserts pasted text into the dialog's own field; returns false if it has none.
  mutating func paste(_ text: Untrusted) -> Bool {
    switch self {
    case .help(var dialog):
      guard dialog.isSearching else { return false }
      dialog.search.paste(text)
      dialog.scroll = 0
      self = .help(dialog)
    case .palette(var dialog):
      dialog.paste(text)
      self = .palette(dialog)
    case .prompt(var prompt):
      prompt.field.paste(text)
      self = .prompt(prompt)
    case .menu, .panel, .review, .sending, .outcome, .login: return false
    }
    return true
  }
}

extension State {
  /// Opens a dialog and discards what was typed ahead, which was not meant for it.
  mutating func open(_ dialog: Dialog) -> [Effect] {
    notice = nil
    chord = []
    self.dialog = dialog
    return [.flushInput]
  }

  mutating func pressInDialog(_ key: Key) -> [Effect] {
    notice = nil
    return switch dialog {
    case .menu(let menu): press(key, in: menu)
    case .panel(let panel): press(key, in: panel)
    case .prompt(let prompt): press(key, in: prompt)
    case .help(let help): press(key, in: help)
    case .palette(let palette): press(key, in: palette)
    case .review(let review): press(key, in: review)
    case .sending(let sending): press(key, in: sending)
    case .outcome(let outcome): press(key, in: outcome)
    case .login(let login): press(key, in: login)
    case nil: []
    }
  }

  /// Returns the effects of closing a dialog.
  mutating func close(_ dialog: Dialog) -> [Effect] {
    switch dialog {
    case .outcome:
      // The next plan needs a reason of its own.
      reason = []
      return plan.isEmpty ? [.keepPlan([])] : []
    case .login(let login): return abandon(login)
    case .menu, .panel, .prompt, .help, .palette, .review, .sending: return []
    }
  }

  /// Handles the keys that mean the same in every dialog; returns nil for any other command.
  mutating func pressAnywhere(_ command: Command?) -> [Effect]? {
    switch command {
    case .program(.redraw): [.redraw]
    case .program(.suspend): [.suspend]
    case .program(.interrupt): interrupt()
    default: nil
    }
  }
}

extension State {
  /// Draws the open dialog over the screen, last.
  func drawDialog(_ canvas: inout Canvas) {
    switch dialog {
    case .menu(let menu): draw(menu, &canvas)
    case .panel(let panel): draw(panel, &canvas)
    case .prompt(let prompt): draw(prompt, &canvas)
    case .help(let help): draw(help, &canvas)
    case .palette(let palette): draw(palette, &canvas)
    case .review(let review): draw(review, &canvas)
    case .sending(let sending): draw(sending, &canvas)
    case .outcome(let outcome): draw(outcome, &canvas)
    case .login(let login): draw(login, &canvas)
    case nil: break
    }
    drawNoticeBelow(&canvas)
    if let question = shownQuestion { draw(question, &canvas) }
  }

  /// The notice that is shown in the last row, because the dialog has no other line for it.
  var noticeBelow: Notice? {
    switch dialog {
    case .menu, .panel, .help, .outcome: notice
    // News would hide the key that stops the run; a refusal disappears with the next key.
    case .review, .login: notice?.kind == .refusal ? notice : nil
    // The last row has the key that stops: the screen shows the notice beside it.
    case .sending, .prompt, .palette, nil: nil
    }
  }

  private func drawNoticeBelow(_ canvas: inout Canvas) {
    guard let notice = noticeBelow else { return }
    let row = size.rows - 1
    canvas.inside(Rect(row: row, column: 0, rows: 1, columns: size.columns)) { canvas in
      canvas.clear()
      canvas.draw(Line(" " + notice.text, notice.role), row: 0)
    }
  }

  /// Returns a centred box for `rows` lines inside its border, at most 112 columns wide.
  func dialogRect(rows: Int) -> Rect {
    let wide = min(size.columns - 4, 112)
    return belowTitle.centred(rows: min(rows + 2, belowTitle.rows), columns: wide)
  }

  /// The screen below the two title lines, which stay visible whatever is open.
  var belowTitle: Rect {
    var rest = Rect(size)
    _ = rest.takeTop(2)
    return rest
  }

  /// Returns the account's name and number.
  func accountLabel(_ account: AccountID) -> String {
    guard let profile = inbox.profile(account) else { return account.text }
    return "\(pen.cell(profile.name)) \(account.text)"
  }

  /// Returns the operator's own name of the sender's organization, if trusted, and its id.
  func senderLabel(_ handshake: Handshake) -> String {
    guard let organization = handshake.senderOrganization else { return "unknown organization" }
    guard let account = handshake.senderAccount,
      let name = inbox.trustList.name(of: organization, managedBy: account)
    else { return organization.text }
    return "\(pen.cell(name)) \(organization.text)"
  }
}

extension Line {
  /// Returns the position of the focus: `12/892`.
  static func position(_ number: Int, of count: Int) -> Line {
    count > 0 ? Line("  \(number)/\(count) ", .quiet) : Line()
  }

  /// Returns the number of the last visible line if not all lines fit on the screen.
  static func position(scroll: Int, rows: Int, of count: Int) -> Line {
    count > rows ? position(min(scroll + rows, count), of: count) : Line()
  }
}

extension Canvas {
  /// Draws the lines from `scroll` on, as many as there is room for.
  mutating func draw(_ text: [Line], from scroll: Int, in rect: Rect) {
    inside(rect) { canvas in
      for (row, line) in text.dropFirst(scroll).prefix(rect.rows).enumerated() {
        canvas.draw(line, row: row)
      }
    }
  }
}
