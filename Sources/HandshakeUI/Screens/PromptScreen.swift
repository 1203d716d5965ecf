import Drawing
import Model
import Text

/// A dialog that asks for the path to export to.
struct PromptScreen: Screen {
  var title: String
  var field: LineEditor
  /// The bytes to write.
  var bytes: [UInt8]

  var context: KeyContext { .palette }
  var admitsQuestion: Bool { false }

  func showsInLastRow(_ notice: Notice) -> Bool { false }

  mutating func handle(_ event: ScreenEvent, _ session: inout Session) -> Reaction {
    switch event {
    case .key(.enter):
      guard !field.text.isEmpty else { return .close }
      let token = session.requests.begin(.writing("exported to"))
      return Reaction(
        effects: [.export(token, path: field.text, bytes: bytes)], changes: [.close])
    case .key(.escape), .key(.control("c")): return .close
    case .key(.control("z")): return .effects([.suspend])
    case .key(.control("l")): return .effects([.redraw])
    case .key(let key): _ = field.press(key)
    case .message(.pasted(let text, _)): field.paste(text)
    case .command, .message: return .unhandled
    }
    return .stay
  }

  func draw(_ session: Session, _ canvas: inout Canvas) {
    let format = session.format
    canvas.box(canvas.size.dialog(rows: 3), Line(title, .heading)) { canvas in
      canvas.draw(Line(" > ", .heading) + Line(format.typed(field.text), .input), row: 0)
      canvas.placeCursor(row: 0, column: 3 + DisplayWidth.of(format.typed(field.beforeCursor)))
      canvas.draw(
        Line(" Enter", .key) + Line(" write (mode 0600, never overwrites)   Esc back"), row: 2)
    }
  }
}
