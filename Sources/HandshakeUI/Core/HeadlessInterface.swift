import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import ReviewWording
import Text

/// The interface without a terminal: keys in, frames out, on virtual time.
///
/// Each key takes 100 ms, and every effect is carried out before the next key. `handshake render`
/// and the tests use it.
public struct HeadlessInterface<Interpreter: EffectInterpreter>: Sendable {
  /// The interface's state after the last message.
  public private(set) var interface: Interface
  /// All effects so far, in order.
  public private(set) var effects: [Effect] = []
  let interpreter: Interpreter
  /// The virtual monotonic clock.
  public private(set) var uptime: Span

  /// The time that each key or paste takes, 100 ms.
  public static var keyInterval: Span { Span(milliseconds: 100) }

  /// Creates a session that has not started.
  public init(_ launch: Launch, _ interpreter: Interpreter) {
    interface = Interface(launch)
    uptime = launch.uptime
    self.interpreter = interpreter
  }

  /// The screen for the current state.
  public var frame: Frame { view(interface) }

  /// Shows the screens and reads everything.
  public mutating func start() async { await take(.started) }

  /// Plays a script to its end.
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

  /// Handles a message and everything that follows from it before it returns.
  public mutating func take(_ message: Message) async {
    var messages = [message]
    var next = 0
    while next < messages.count {
      let asked = update(&interface, messages[next])
      next += 1
      effects += asked
      for effect in asked { messages += await interpreter.perform(effect, at: uptime) }
      // Handled messages are removed from time to time: a long listing is many pages.
      if next > 1_000 {
        messages.removeFirst(next)
        next = 0
      }
    }
  }

  /// Advances the clock and sends `.ticked` whenever the interface asked for it.
  private mutating func pass(_ span: Span) async {
    let end = uptime + span
    while let tick = interface.nextTick, tick <= end, tick > uptime {
      uptime = tick
      await take(.ticked(at: uptime))
    }
    uptime = end
  }
}

/// The part that carries out effects and reports their results.
public protocol EffectInterpreter: Sendable {
  /// Carries out an effect and returns the resulting messages in order.
  func perform(_ effect: Effect, at uptime: Span) async -> [Message]
}

/// An interpreter that only reads: it sends, journals, writes and copies nothing.
public struct ReadingInterpreter: EffectInterpreter {
  private let reads: ReadService
  private let trust: TrustReading
  private let journal: JournalReading

  /// Creates an interpreter with a trust list and journal that are already read.
  ///
  /// `reads` reads the service.
  public init(trust: TrustReading, journal: JournalReading, reads: ReadService) {
    self.trust = trust
    self.journal = journal
    self.reads = reads
  }

  /// Carries out reads; refuses to log in, copy or export, and reports a run as stopped before its
  /// first request.
  public func perform(_ effect: Effect, at uptime: Span) async -> [Message] {
    switch effect {
    case .readIdentity, .readPage, .readHandshake, .resolveProfile:
      return [await reads.perform(effect) { uptime }].compactMap(\.self)
    case .logIn(let token, _): return [.loginEnded(token, .failed(.notHere), at: uptime)]
    case .readTrust(let token): return [.trustRead(token, trust)]
    case .readJournal(let token): return [.journalRead(token, journal)]
    case .drawLetters(let token): return [.lettersDrawn(token, "xy")]
    case .copy(let token, _), .export(let token, _, _):
      return [.written(token, .failed("nothing can be written here"))]
    case .send(let token, let items, _):
      let results = items.map { _ in WriteResult(.notTried(.asked)) }
      return [
        .runTold(token, .finished(RunSummary(results: results, stopped: .asked)), at: uptime)
      ]
    case .abandon, .giveCode, .flushInput, .stopSending, .reconcile, .noteMismatch, .redraw,
      .suspend,
      .keepPlan, .quit:
      return []
    }
  }
}

extension BackendError {
  /// The error of a login: a session that only reads cannot log in.
  fileprivate static let notHere = BackendError(
    .cancelled, in: .getCallerIdentity, applied: .notSent)
}

/// A script of an operator's actions: `jj<Enter>a`.
///
/// A letter is its key, and a line break is Enter. In angle brackets: `Enter Esc Tab S-Tab Space Up
/// Down Left Right Home End PgUp PgDn Backspace Delete`, `C-x` with Control, `F1`, `lt` for `<`.
/// `Wait:5s` lets time pass, `Paste:text` pastes and `Size:80x24` resizes.
public struct KeyScript: Hashable, Sendable {
  /// One action of a script.
  public enum Step: Hashable, Sendable {
    case key(Key)
    case wait(Span)
    case paste(Untrusted)
    case resize(Size)
  }

  /// The error of a script that cannot be parsed.
  public enum Problem: Error, Hashable, Sendable {
    /// A `<` has no matching `>`.
    case open
    /// No key or action has this name.
    case unknown(String)
  }

  /// The actions in order.
  public var steps: [Step]

  /// Parses a script.
  ///
  /// - Throws: `Problem.open` for a `<` without `>`, `Problem.unknown` for a name in brackets that
  ///   is not a key or action.
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
