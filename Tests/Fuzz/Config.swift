import Model
import Text

/// The configuration: an accepted setting is in the text, at its line; a refusal names its line;
/// and writing the accepted settings and reading them again gives the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzConfig(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = bytes(start, count)
  guard let text = String(validating: input, as: UTF8.self) else {
    promise((try? ConfigurationFile(path: "/c", bytes: input)) == nil, "bad UTF-8 is taken")
    return 0
  }
  let lines = text.utf8.count { $0 == 0x0A } + 1
  do throws(ConfigurationError) {
    let file = try ConfigurationFile(path: "/c", bytes: input)
    promise(!text.utf8.contains(0), "what stands behind a NUL is passed over")
    checkLines(of: file, in: text)
    checkRoundTrip(file)
    checkBelow(file, text)
  } catch {
    promise((1...lines).contains(error.line), "line \(error.line) of \(lines)")
    promise(
      error.failure(Formatter(charset: .ascii)).text.unicodeScalars.allSatisfy {
        $0.isASCII && ($0.value >= 0x20 || $0 == "\n") && $0.value != 0x7F
      }, "a refusal is not printable")
  }
  return 0
}

/// Each setting, as it is written in the file, with its line.
private func settings(_ file: ConfigurationFile) -> [(name: String, value: String, line: Int)] {
  file.entries.map { ($0.key, written($0.value), $0.line) }
}

private func written(_ value: SettingRow.Value) -> String {
  switch value {
  case .boolean(let isOn): "\(isOn)"
  case .number(let number): "\(number)"
  case .text(let text): quoted(text)
  case .list(let texts): "[" + texts.map(quoted).joined(separator: ",") + "]"
  }
}

private func quoted(_ text: String) -> String {
  var out = "\""
  for scalar in text.unicodeScalars {
    let digits = String(scalar.value, radix: 16)
    out += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
  }
  return out + "\""
}

/// A name is on the reported line, unless it is spelt with escapes.
private func checkLines(of file: ConfigurationFile, in text: String) {
  let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
  for (name, _, line) in settings(file) {
    promise((1...lines.count).contains(line), "line \(line) of \(lines.count)")
    guard !text.utf8.contains(UInt8(ascii: "\\")) else { continue }
    let shown = Array(lines[line - 1])
    let holds =
      shown.count >= name.utf8.count
      && (0...shown.count - name.utf8.count).contains { shown[$0...].starts(with: name.utf8) }
    promise(holds, "\(name) is not on line \(line)")
  }
}

private func checkRoundTrip(_ file: ConfigurationFile) {
  let said = settings(file)
  let written = said.map { "\($0.name) = \($0.value)\n" }.joined()
  guard let again = try? ConfigurationFile(path: "/c", bytes: Array(written.utf8)) else {
    return promise(false, "what was taken is refused when it is written down")
  }
  let heard = settings(again)
  promise(heard.map(\.name) == said.map(\.name), "settings are lost")
  promise(heard.map(\.value) == said.map(\.value), "a setting has another value")
  promise(heard.map(\.line) == Array(1...(heard.count + 1)).dropLast(), "lines are miscounted")
}

/// Further down, it is the same.
private func checkBelow(_ file: ConfigurationFile, _ text: String) {
  guard text.utf8.first != 0xEF else { return }
  let lower = Array("# a\r\n\r\n".utf8) + text.utf8
  guard let below = try? ConfigurationFile(path: "/c", bytes: lower) else {
    return promise(false, "below two lines it is refused")
  }
  let (first, second) = (settings(file), settings(below))
  promise(first.map(\.value) == second.map(\.value), "below two lines it says something else")
  guard !text.utf8.contains(UInt8(ascii: "\\")) else { return }
  promise(first.map { $0.line + 2 } == second.map(\.line), "below two lines, lines are miscounted")
}
