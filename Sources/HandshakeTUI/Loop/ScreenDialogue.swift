import HandshakeUI
import Model
import Synchronization
import Text

/// A login dialogue through the screens.
///
/// A backend's request becomes a message, and the interface's answer is returned to the caller.
final class ScreenDialogue: LoginDialogue {
  private let time: any TimeSource
  private let post: @Sendable (Message) -> Void
  private let loop: @Sendable (LoopPost) -> Void
  private let turn = TerminalTurn()
  private let state = Mutex(Waiting())

  private struct Waiting {
    var last = 0
    var codes: [Int: CheckedContinuation<OneTimeCode?, Never>] = [:]
    /// The requests that were cancelled before their caller waited.
    var withdrawn: Set<Int> = []
    /// The profiles whose login the operator has requested and which is running.
    var attended: Set<Untrusted> = []
  }

  /// Creates the dialogue; `loop` receives the requests for the terminal, and its return.
  init(
    time: any TimeSource, loop: @escaping @Sendable (LoopPost) -> Void = { _ in },
    post: @escaping @Sendable (Message) -> Void
  ) {
    self.time = time
    self.loop = loop
    self.post = post
  }

  func oneTimeCode(device: Untrusted, profile: Untrusted) async -> OneTimeCode? {
    let number = state.withLock { state in
      state.last += 1
      return state.last
    }
    let request = CodeRequest(number: number, device: device, profile: profile)
    return await withTaskCancellationHandler {
      await withCheckedContinuation { wait(for: request, $0) }
    } onCancel: {
      withdraw(number)
    }
  }

  func visit(_ invitation: BrowserLogin) async {
    post(.loginInvited(invitation, at: time.uptime()))
  }

  /// Runs `body`, during which a program of that profile may use the terminal.
  ///
  /// The operator has requested the login and is present.
  func attend<Value>(_ profile: Untrusted, _ body: () async -> Value) async -> Value {
    state.withLock { _ = $0.attended.insert(profile) }
    let value = await body()
    state.withLock { _ = $0.attended.remove(profile) }
    return value
  }

  /// Lends the terminal for a login that the operator requested; any other gets `body(.none)`.
  func lendTerminal<Value: Sendable>(
    for profile: Untrusted, _ body: @Sendable (TerminalLoan) async -> Value
  ) async -> Value {
    guard state.withLock({ $0.attended.contains(profile) }) else { return await body(.none) }
    await turn.take()
    defer { turn.leave() }
    await withCheckedContinuation { continuation in
      loop(.terminalWanted { continuation.resume() })
    }
    let value = await body(.whole)
    loop(.terminalReturned)
    return value
  }

  /// Answers request `number` with the typed code, or nil for none; ignored if it was withdrawn.
  func answer(_ number: Int, _ code: OneTimeCode?) {
    state.withLock { $0.codes.removeValue(forKey: number) }?.resume(returning: code)
  }

  private func wait(
    for request: CodeRequest, _ continuation: CheckedContinuation<OneTimeCode?, Never>
  ) {
    let isWanted = state.withLock { state in
      guard state.withdrawn.remove(request.number) == nil else { return false }
      state.codes[request.number] = continuation
      return true
    }
    guard isWanted else { return continuation.resume(returning: nil) }
    post(.codeAsked(request, at: time.uptime()))
  }

  private func withdraw(_ number: Int) {
    let waiting = state.withLock { state in
      let waiting = state.codes.removeValue(forKey: number)
      if waiting == nil { state.withdrawn.insert(number) }
      return waiting
    }
    guard let waiting else { return }
    waiting.resume(returning: nil)
    post(.codeWithdrawn(number, at: time.uptime()))
  }
}
