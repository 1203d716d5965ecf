import Model
import Text

/// A one-time code that a backend waits for.
struct CodeQuestion: Equatable, Sendable {
  let request: CodeRequest
  var typed = CodeField()
  /// Since when the operator sees it; nil while something else needs the keys.
  var shownSince: Span?

  /// What was typed ahead is not meant for it.
  static let pause = Span(milliseconds: 300)
}

/// The digits that are being typed. Drawn as stars; its description tells nothing.
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

extension State {
  /// The question that has the keys now: none while the operator types or confirms something.
  var shownQuestion: CodeQuestion? {
    guard let question = questions.first, field == nil, hasRoom else { return nil }
    switch dialog {
    case nil, .login, .panel, .menu, .sending, .outcome: return question
    case .prompt, .help, .palette, .review: return nil
    }
  }

  mutating func ask(_ request: CodeRequest) -> [Effect] {
    questions.append(CodeQuestion(request: request))
    return []
  }

  mutating func withdraw(_ number: Int) -> [Effect] {
    questions.removeAll { $0.request.number == number }
    return []
  }

  /// After whatever happened: a question that has just come up throws away what was typed ahead.
  mutating func showQuestion() -> [Effect] {
    guard shownQuestion != nil else {
      if !questions.isEmpty { questions[0].shownSince = nil }
      return []
    }
    guard questions[0].shownSince == nil else { return [] }
    questions[0].shownSince = uptime
    chord = []
    return [.flushInput]
  }

  mutating func press(_ key: Key, in question: CodeQuestion) -> [Effect] {
    switch key {
    case .control("z"): return [.suspend]
    case .control("l"): return [.redraw]
    case .control("c"):
      let effects = answer(nil)
      if case .sending(let sending) = dialog { return effects + press(key, in: sending) }
      return effects + interrupt()
    default: break
    }
    guard let since = question.shownSince, uptime - since >= CodeQuestion.pause else { return [] }
    switch key {
    case .escape: return answer(nil)
    case .enter: return question.typed.code.map { answer($0) } ?? []
    case .backspace, .control("h"): questions[0].typed.removeLast()
    case .control("u"), .control("w"): questions[0].typed.clear()
    case .character(let scalar): questions[0].typed.type(scalar)
    default: break
    }
    return []
  }

  /// Pasted digits stand as if typed; Enter is still to be pressed.
  mutating func pasteCode(_ text: Untrusted) -> [Effect] {
    for byte in text.bytes { questions[0].typed.type(Unicode.Scalar(byte)) }
    return []
  }

  private mutating func answer(_ code: OneTimeCode?) -> [Effect] {
    let question = questions.removeFirst()
    if code == nil {
      notice = Notice(
        "no code for profile \(pen.exact(question.request.profile)): R to ask again", .refusal)
    }
    return [.giveCode(question.request.number, code)]
  }
}
