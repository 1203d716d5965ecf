import Model
import Synchronization
import Text

/// Who asks the operator: the terminal's own lines until the screens take it, then the screens.
final class DialogueSwitch: LoginDialogue {
  private let current: Mutex<any LoginDialogue>

  init(_ first: any LoginDialogue = TerminalDialogue()) { current = Mutex(first) }

  /// Nothing may be written to the terminal from here on.
  func standDown() { take(NoDialogue()) }

  func take(_ dialogue: any LoginDialogue) { current.withLock { $0 = dialogue } }

  func oneTimeCode(device: Untrusted, profile: Untrusted) async -> OneTimeCode? {
    await current.withLock { $0 }.oneTimeCode(device: device, profile: profile)
  }

  func visit(_ invitation: BrowserLogin) async {
    await current.withLock { $0 }.visit(invitation)
  }

  func lendTerminal<Value: Sendable>(
    for profile: Untrusted, _ body: @Sendable (TerminalLoan) async -> Value
  ) async -> Value {
    await current.withLock { $0 }.lendTerminal(for: profile, body)
  }
}
