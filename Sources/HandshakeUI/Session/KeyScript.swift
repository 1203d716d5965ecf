import Drawing
import Model
import Text

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
