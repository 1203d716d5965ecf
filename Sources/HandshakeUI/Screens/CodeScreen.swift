import Drawing
import Model
import Text

/// The one-time codes that backends wait for, of which the oldest is asked over any other screen.
struct CodeScreen: Screen {
  /// A request for a code.
  struct Question: Equatable, Sendable {
    let request: CodeRequest
    var typed = CodeField()
    /// The time since which the question is visible; nil while something else needs the keys.
    var shownSince: Span?
  }

  /// The codes that are needed, the oldest request first.
  private(set) var questions: [Question] = []

  /// The time in which keys are ignored, since they were typed before the question appeared.
  static let pause = Span(milliseconds: 300)

  var context: KeyContext { .code }

  mutating func handle(_ event: ScreenEvent, _ session: inout Session) -> Reaction {
    switch event {
    case .key(let key): return press(key, &session)
    case .message(.pasted(let text, _)): paste(text, &session)
    case .message(.codeAsked(let request, _)): questions.append(Question(request: request))
    case .message(.codeWithdrawn(let number, _)):
      questions.removeAll { $0.request.number == number }
    case .command, .message: return .unhandled
    }
    return .stay
  }

  /// Shows or hides the first question; returns whether it has just appeared.
  mutating func show(_ isShown: Bool, at uptime: Span) -> Bool {
    guard !questions.isEmpty else { return false }
    guard isShown else {
      questions[0].shownSince = nil
      return false
    }
    guard questions[0].shownSince == nil else { return false }
    questions[0].shownSince = uptime
    return true
  }

  private mutating func press(_ key: Key, _ session: inout Session) -> Reaction {
    switch key {
    case .control("z"): return .effects([.suspend])
    case .control("l"): return .effects([.redraw])
    case .control("c"):
      return Reaction(effects: answer(nil, &session), changes: [.pass(key)])
    default: break
    }
    guard isHeard(at: session.uptime) else { return .stay }
    switch key {
    case .escape: return .effects(answer(nil, &session))
    case .enter:
      return questions[0].typed.code.map { .effects(answer($0, &session)) } ?? .stay
    case .backspace, .control("h"): questions[0].typed.removeLast()
    case .control("u"), .control("w"): questions[0].typed.clear()
    case .character(let scalar): questions[0].typed.type(scalar)
    default: break
    }
    return .stay
  }

  /// Returns whether the question has been visible long enough for keys to be meant for it.
  private func isHeard(at uptime: Span) -> Bool {
    questions.first?.shownSince.map { uptime - $0 >= Self.pause } ?? false
  }

  /// Inserts pasted digits as if they were typed; Enter must still be pressed.
  private mutating func paste(_ text: Untrusted, _ session: inout Session) {
    // One that was on its way before the question appeared is not meant for it.
    guard isHeard(at: session.uptime) else {
      session.notice = Notice(
        "pasted text was ignored: it came before the question", .refusal)
      return
    }
    for byte in text.bytes { questions[0].typed.type(Unicode.Scalar(byte)) }
  }

  private mutating func answer(_ code: OneTimeCode?, _ session: inout Session) -> [Effect] {
    let question = questions.removeFirst()
    if code == nil {
      let name = session.format.exact(question.request.profile)
      session.notice = Notice("no code for profile \(name): R to ask again", .refusal)
    }
    return [.giveCode(question.request.number, code)]
  }

  func draw(_ session: Session, _ canvas: inout Canvas) {
    guard let question = questions.first else { return }
    let (size, format) = (canvas.size, session.format)
    let width = max(1, size.dialog(rows: 1).columns - 4)
    let request = question.request
    let lines = [
      Line("profile  ", .quiet) + Line(format.exact(request.profile)),
      Line("device   ", .quiet) + Line(format.exact(request.device)), Line(),
      Line("Six digits of the device. They are neither shown nor stored."),
    ].flatMap { $0.wrapped(to: width, indent: 9) }
    canvas.box(size.dialog(rows: lines.count + 3), Line("ONE-TIME CODE", .heading)) { canvas in
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
