import HandshakeUI
import Model
import Synchronization
import Text

/// Asks the operator through the screens: what a backend needs becomes a message, and the interface's
/// answer goes back to whoever waits for it.
final class ScreenDialogue: LoginDialogue {
  private let time: any TimeSource
  private let post: @Sendable (Message) -> Void
  private let loop: @Sendable (LoopPost) -> Void
  private let turn = TerminalTurn()
  private let state = Mutex(Waiting())

  private struct Waiting {
    var last = 0
    var codes: [Int: CheckedContinuation<OneTimeCode?, Never>] = [:]
    /// Given up before anybody waited.
    var withdrawn: Set<Int> = []
    /// The profiles that the operator is logging in with.
    var attended: Set<Untrusted> = []
  }

  /// - Parameter loop: Where the terminal is asked for, and given back.
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

  /// While `body` runs, a program of that profile's may have the terminal: the operator has asked for the
  /// login, and is there.
  func attend<Value>(_ profile: Untrusted, _ body: () async -> Value) async -> Value {
    state.withLock { _ = $0.attended.insert(profile) }
    let value = await body()
    state.withLock { _ = $0.attended.remove(profile) }
    return value
  }

  /// The screens go down for a login that the operator asked for, and only for that.
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

  /// Hands over what was typed; nil when nothing was. Does nothing when nobody waits for it any more.
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
