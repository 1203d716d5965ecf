import Text

/// Asks for one line: where to export to.
struct Prompt: Equatable, Sendable {
  var title: String
  var field: LineEditor
  /// What is written there.
  var bytes: [UInt8]
}

extension State {
  mutating func press(_ key: Key, in prompt: Prompt) -> [Effect] {
    switch key {
    case .enter:
      dialog = nil
      guard !prompt.field.text.isEmpty else { return [] }
      let token = requests.begin(.writing("exported to"))
      return [.export(token, path: prompt.field.text, bytes: prompt.bytes)]
    case .escape, .control("c"):
      dialog = nil
      return []
    case .control("z"): return [.suspend]
    case .control("l"): return [.redraw]
    default:
      var prompt = prompt
      guard prompt.field.press(key) else { return [] }
      dialog = .prompt(prompt)
      return []
    }
  }
}
