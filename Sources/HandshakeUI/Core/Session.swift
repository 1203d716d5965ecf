import Drawing
import Model
import Review
import Text

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

/// Carries out effects and tells what came of them.
public protocol EffectInterpreter: Sendable {
  /// What happened, in order; empty when there is nothing to tell.
  func perform(_ effect: Effect, at uptime: Span) async -> [Message]
}

/// Reads, and does nothing else: nothing is sent, journalled, written or copied.
public struct ReadingInterpreter: EffectInterpreter {
  private let reader: @Sendable (AccountID) -> (any HandshakeReader)?
  private let resolver: @Sendable (Untrusted) async -> Result<AccountID, BackendError>
  private let trust: TrustReading
  private let journal: JournalReading

  /// - Parameter resolver: Whose a profile is.
  /// - Parameter reader: Through which each account looks; nil for one that cannot.
  public init(
    trust: TrustReading, journal: JournalReading,
    resolver: @escaping @Sendable (Untrusted) async -> Result<AccountID, BackendError> = { _ in
      .failure(BackendError(.cancelled, in: .getCallerIdentity, applied: .notSent))
    },
    reader: @escaping @Sendable (AccountID) -> (any HandshakeReader)?
  ) {
    self.resolver = resolver
    self.trust = trust
    self.journal = journal
    self.reader = reader
  }

  public func perform(_ effect: Effect, at uptime: Span) async -> [Message] {
    switch effect {
    case .readIdentity(let token, let account):
      return [
        .identityRead(
          token,
          await ask(account, .getCallerIdentity) { reader throws(BackendError) in
            try await reader.identity()
          }, at: uptime)
      ]
    case .resolveProfile(let token, let name):
      return [.profileResolved(token, await resolver(name), at: uptime)]
    case .logIn(let token, _): return [.loginEnded(token, .failed(.notHere), at: uptime)]
    case .readPage(let token, let account, let query, let page):
      return [
        .pageRead(
          token,
          await ask(account, .listHandshakesForAccount) { reader throws(BackendError) in
            try await reader.handshakes(query, page: page)
          }, at: uptime)
      ]
    case .readHandshake(let token, let account, let id):
      return [
        .handshakeRead(
          token,
          await ask(account, .describeHandshake) { reader throws(BackendError) in
            try await reader.handshake(id)
          }, at: uptime)
      ]
    case .readTrust(let token): return [.trustRead(token, trust)]
    case .readJournal(let token): return [.journalRead(token, journal)]
    case .drawLetters(let token): return [.lettersDrawn(token, "xy")]
    case .copy(let token, _), .export(let token, _, _):
      return [.written(token, .failed("nothing can be written here"))]
    case .send(let token, let items, _):
      let results = items.map { _ in ErrandResult(.notTried(.asked)) }
      return [
        .runTold(token, .finished(RunSummary(results: results, stopped: .asked)), at: uptime)
      ]
    case .abandon, .giveCode, .flushInput, .stopSending, .reconcile, .noteMismatch, .redraw,
      .suspend,
      .keepPlan, .quit:
      return []
    }
  }

  private func ask<Value: Sendable>(
    _ account: AccountID, _ operation: Model.Operation,
    _ question: (any HandshakeReader) async throws(BackendError) -> Value
  ) async -> Result<Value, BackendError> {
    guard let reader = reader(account) else {
      return .failure(BackendError(.cancelled, in: operation, applied: .notSent))
    }
    do throws(BackendError) {
      return .success(try await question(reader))
    } catch {
      return .failure(error)
    }
  }
}

extension BackendError {
  /// Who only reads logs nobody in.
  fileprivate static let notHere = BackendError(
    .cancelled, in: .getCallerIdentity, applied: .notSent)
}

/// What an operator does, written down: `jj<Enter>a`.
///
/// A letter is its key. In angle brackets: `Enter Esc Tab S-Tab Space Up Down Left Right Home End
/// PgUp PgDn Backspace Delete`, `C-x` with Control, `F1`, `lt` for `<`; and what is no key: `Wait:5s`
/// lets time pass, `Paste:text` pastes, `Size:80x24` resizes.
public struct KeyScript: Hashable, Sendable {
  public enum Step: Hashable, Sendable {
    case key(Key)
    case wait(Span)
    case paste(Untrusted)
    case resize(Size)
  }

  public enum Problem: Error, Hashable, Sendable {
    /// A `<` without its `>`.
    case open
    /// No key or step has this name.
    case unknown(String)
  }

  public var steps: [Step]

  public init(_ text: String) throws(Problem) {
    steps = []
    var rest = Substring(text).unicodeScalars
    while let scalar = rest.popFirst() {
      guard scalar == "<" else {
        steps.append(.key(scalar == "\n" ? .enter : .character(scalar)))
        continue
      }
      guard let end = rest.firstIndex(of: ">") else { throw .open }
      let name = String(rest[..<end])
      guard let step = Self.step(name) else { throw .unknown(name) }
      steps.append(step)
      rest = rest[rest.index(after: end)...]
    }
  }

  private static func step(_ name: String) -> Step? {
    if let key = key(name) { return .key(key) }
    guard let colon = name.firstIndex(of: ":") else { return nil }
    let argument = String(name[name.index(after: colon)...])
    switch name[..<colon] {
    case "Wait": return Span(argument).map { .wait($0) }
    case "Paste": return .paste(Untrusted(argument))
    case "Size": return size(argument).map { .resize($0) }
    default: return nil
    }
  }

  private static func size(_ text: String) -> Size? {
    let parts = text.split(separator: "x").map { Int($0) }
    guard parts.count == 2, let columns = parts[0], let rows = parts[1], columns >= 0, rows >= 0
    else { return nil }
    return Size(columns: columns, rows: rows)
  }

  private static let names: [String: Key] = [
    "Enter": .enter, "Esc": .escape, "Tab": .tab, "S-Tab": .backTab, "Space": .character(" "),
    "Up": .up, "Down": .down, "Left": .left, "Right": .right, "Home": .home, "End": .end,
    "PgUp": .pageUp, "PgDn": .pageDown, "Backspace": .backspace, "Delete": .delete,
    "lt": .character("<"),
  ]

  private static func key(_ name: String) -> Key? {
    if let key = names[name] { return key }
    let scalars = Array(name.unicodeScalars)
    if scalars.count == 3, scalars[0] == "C", scalars[1] == "-" {
      return .control(scalars[2])
    }
    if scalars.first == "F", let number = Int(name.dropFirst()), (1...24).contains(number) {
      return .function(number)
    }
    return nil
  }
}
