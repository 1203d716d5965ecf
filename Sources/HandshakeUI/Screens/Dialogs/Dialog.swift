import Model
import Review
import Text

/// What lies over the screen and takes the keys.
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

  var place: Place {
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

  /// When it wants to be told of the time.
  func nextTick(after uptime: Span) -> Span? {
    switch self {
    case .review(let dialog): dialog.confirmation?.nextTick
    case .sending(let sending): sending.nextTick(after: uptime)
    case .menu, .panel, .prompt, .help, .palette, .outcome, .login: nil
    }
  }

  /// Takes pasted text into a field of its own; false if it has none.
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
  /// Opens a dialog; what was typed ahead is not meant for it.
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

  /// What closing a dialog entails.
  mutating func close(_ dialog: Dialog) -> [Effect] {
    switch dialog {
    case .outcome:
      // The next plan has a reason of its own.
      reason = []
      return plan.isEmpty ? [.keepPlan([])] : []
    case .login(let login): return abandon(login)
    case .menu, .panel, .prompt, .help, .palette, .review, .sending: return []
    }
  }

  /// The keys that mean the same in every dialog; nil when it is none of them.
  mutating func pressAnywhere(_ command: Command?) -> [Effect]? {
    switch command {
    case .program(.redraw): [.redraw]
    case .program(.suspend): [.suspend]
    case .program(.interrupt): interrupt()
    default: nil
    }
  }
}
