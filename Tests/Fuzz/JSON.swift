import Text

@testable import Wire

/// The JSON reader: it accepts exactly RFC 8259, and accepted text can be written and read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = bytes(start, count)
  let fault = JSONText.fault(in: text)
  if let fault {
    promise((0...count).contains(fault.offset), "a fault is told at \(fault.offset) of \(count)")
  }
  var grammar = Grammar(text)
  if let isJSON = grammar.isJSON {
    promise(isJSON == (fault == nil), "the grammar says \(isJSON), the reader \(fault as Any)")
  }
  if fault == nil {
    checkCut(text)
    checkCopies(text)
  }
  do throws(JSONFault) {
    let value = try JSONValue.read(text, limits: .document)
    promise(fault == nil, "a value was read of a text with \(fault as Any)")
    checkRoundTrips(value, of: text)
  } catch {
    if error.kind != .duplicateKey, error.kind != .tooDeep {
      promise(error == fault, "one reader says \(error), the other \(fault as Any)")
    }
  }
  return 0
}

/// A truncated text is never accepted, and the fault says that it was cut.
private func checkCut(_ text: [UInt8]) {
  let space: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]
  guard let first = text.firstIndex(where: { !space.contains($0) }),
    let last = text.lastIndex(where: { !space.contains($0) }),
    [0x7B, 0x5B, 0x22].contains(text[first])
  else { return }
  let length = Int(mixed(text) % UInt64(last + 1))
  let fault = JSONText.fault(in: Array(text[..<length]))
  promise(fault?.kind == .unexpectedEnd, "cut at \(length): \(fault as Any)")
}

/// Copying the source token by token keeps its meaning, and is JSON in every style.
private func checkCopies(_ text: [UInt8]) {
  for style in [JSONStyle.wire, .line, .terminal] {
    var writer = JSONWriter(style)
    writer.value(jsonSource: Untrusted(bytes: text))
    check(writer.bytes, style)
    guard let value = try? JSONValue.read(text, limits: .document), value.isUnicode else {
      continue
    }
    let copy = try? JSONValue.read(writer.bytes, limits: .document)
    promise(copy == value, "a copy says something else")
  }
}

private func checkRoundTrips(_ value: JSONValue, of text: [UInt8]) {
  let isUnicode = value.isUnicode
  for style in [JSONStyle.wire, .document, .terminal, .line, .terminalLine] {
    let written = value.json(style)
    check(written, style)
    guard let again = try? JSONValue.read(written, limits: .document) else {
      return promise(false, "what was written cannot be read")
    }
    promise(!isUnicode || again == value, "what was written says something else")
    promise(again.json(style) == written, "written twice, it is not the same")
  }
}

private func check(_ written: [UInt8], _ style: JSONStyle) {
  promise(JSONText.fault(in: written) == nil, "what was written is not JSON")
  guard let text = String(validating: written, as: UTF8.self) else {
    return promise(false, "what was written is not UTF-8")
  }
  guard style.escapes != .needed else { return }
  for scalar in text.unicodeScalars where scalar != " " && scalar != "\n" {
    promise(DisplayWidth.isDrawn(scalar), "U+\(String(scalar.value, radix: 16)) stands raw")
    promise(style.escapes == .safe || scalar.isASCII, "not ASCII")
  }
}

extension JSONValue {
  /// Whether every string in it is valid Unicode: an invalid one is written in another form.
  fileprivate var isUnicode: Bool {
    switch self {
    case .null, .bool, .number: true
    case .string(let text): String(validating: text.bytes, as: UTF8.self) != nil
    case .array(let elements): elements.allSatisfy(\.isUnicode)
    case .object(let members):
      members.allSatisfy {
        String(validating: $0.name.bytes, as: UTF8.self) != nil && $0.value.isUnicode
      }
    }
  }
}

/// A second implementation of RFC 8259, rule by rule, to compare the reader with.
private struct Grammar {
  private var rest: ArraySlice<UInt8>
  private var depth = 0
  /// Deeper nesting would overflow the stack.
  private var isTooDeep = false

  init(_ text: [UInt8]) { rest = text[...] }

  /// Nil if it is nested too deeply to decide.
  var isJSON: Bool? {
    mutating get {
      space()
      let isValue = value()
      space()
      return isTooDeep ? nil : isValue && rest.isEmpty
    }
  }

  private mutating func space() {
    while let byte = rest.first, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { rest.removeFirst() }
  }

  private mutating func take(_ text: StaticString) -> Bool {
    let wanted = text.withUTF8Buffer { Array($0) }
    guard rest.starts(with: wanted) else { return false }
    rest.removeFirst(wanted.count)
    return true
  }

  private mutating func value() -> Bool {
    depth += 1
    defer { depth -= 1 }
    guard depth < 400 else {
      isTooDeep = true
      return false
    }
    if take("null") || take("true") || take("false") { return true }
    switch rest.first {
    case UInt8(ascii: "{"): return list(closedBy: "}", of: { $0.member() })
    case UInt8(ascii: "["): return list(closedBy: "]", of: { $0.value() })
    case UInt8(ascii: "\""): return string()
    default: return number()
    }
  }

  private mutating func list(
    closedBy close: StaticString, of element: (inout Grammar) -> Bool
  ) -> Bool {
    rest.removeFirst()
    space()
    if take(close) { return true }
    while true {
      space()
      guard element(&self) else { return false }
      space()
      if take(close) { return true }
      guard take(",") else { return false }
    }
  }

  private mutating func member() -> Bool {
    guard string() else { return false }
    space()
    guard take(":") else { return false }
    space()
    return value()
  }

  private mutating func string() -> Bool {
    guard take("\"") else { return false }
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\"") { return true }
      if byte < 0x20 { return false }
      guard byte == UInt8(ascii: "\\") else { continue }
      guard let letter = rest.popFirst() else { return false }
      if letter == UInt8(ascii: "u") {
        guard rest.count >= 4, rest.prefix(4).allSatisfy(Self.isHexadecimal) else { return false }
        rest.removeFirst(4)
      } else if !"\"\\/bfnrt".utf8.contains(letter) {
        return false
      }
    }
    return false
  }

  private mutating func number() -> Bool {
    _ = take("-")
    if !take("0"), !digits() { return false }
    if take("."), !digits() { return false }
    guard take("e") || take("E") else { return true }
    _ = take("+") || take("-")
    return digits()
  }

  private mutating func digits() -> Bool {
    let run = rest.prefix { (0x30...0x39).contains($0) }
    rest.removeFirst(run.count)
    return !run.isEmpty
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
    default: false
    }
  }
}
