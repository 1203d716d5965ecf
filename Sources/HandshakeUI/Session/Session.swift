import Drawing
import Model

/// The interface without a terminal: keys in, frame out, on virtual time. 100 ms pass with each key,
/// and every effect is settled before the next one. Serves `handshake render` and the tests.
public struct Session<Interpreter: EffectInterpreter>: Sendable {
  public private(set) var state: State
  /// All effects so far, in the order in which they were asked for.
  public private(set) var effects: [Effect] = []
  let interpreter: Interpreter
  public private(set) var uptime: Span

  public static var keyInterval: Span { Span(milliseconds: 100) }

  public init(_ launch: Launch, _ interpreter: Interpreter) {
    state = State(launch)
    uptime = launch.uptime
    self.interpreter = interpreter
  }

  public var frame: Frame { view(state) }

  /// The screens come up and everything is read.
  public mutating func start() async { await take(.started) }

  public mutating func run(_ script: KeyScript) async {
    for step in script.steps {
      switch step {
      case .key(let key):
        await pass(Self.keyInterval)
        await take(.key(key, at: uptime))
      case .wait(let span): await pass(span)
      case .paste(let text):
        await pass(Self.keyInterval)
        await take(.pasted(text, at: uptime))
      case .resize(let size): await take(.resized(size))
      }
    }
  }

  /// Something happened; what it entails is done before this returns.
  public mutating func take(_ message: Message) async {
    var messages = [message]
    var next = 0
    while next < messages.count {
      let asked = update(&state, messages[next])
      next += 1
      effects += asked
      for effect in asked { messages += await interpreter.perform(effect, at: uptime) }
      // What was taken is let go: a long listing is many pages.
      if next > 1_000 {
        messages.removeFirst(next)
        next = 0
      }
    }
  }

  /// Lets time pass, and wakes the interface whenever it asked for it.
  private mutating func pass(_ span: Span) async {
    let end = uptime + span
    while let tick = state.nextTick, tick <= end, tick > uptime {
      uptime = tick
      await take(.ticked(at: uptime))
    }
    uptime = end
  }
}
