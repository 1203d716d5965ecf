import Model
import Signing
import Text

/// A parser of config and credentials files that follows the AWS CLI, that is, Python's
/// `configparser`.
///
/// Sections are in brackets. A key ends at the first `=` or `:`, at any indentation. Lines indented
/// further than their key continue its value. A comment has a line of its own: a `#` after a value
/// belongs to it.
///
/// Invalid lines are errors with file and line; lines without effect are reported (`ConfigRemark`).
/// Two things that the AWS CLI rejects are accepted, as its SDKs accept them: a section or key that
/// is given twice, and a byte-order mark. An error never contains text of the file other than a
/// key's name.
struct ConfigText {
  private let source: ConfigSource
  private var sections: [ConfigSectionText] = []
  private var places: [Untrusted: Int] = [:]
  /// The index of the current section; nil before the first one.
  private var place: Int?
  private var open: OpenProperty?
  /// The indentation of the last header or key, in characters; a line indented further continues a
  /// value.
  private var indentation = 0
  private var line = 0
  private var remarks: [ConfigRemark] = []

  /// The property whose value may continue in the next lines.
  private struct OpenProperty {
    /// The key; nil if no setting can have its name, so that its lines are ignored.
    let key: String?
    let line: Int
    var value: [UInt8]
    let takesSubproperties: Bool
    /// The empty lines since the last line; they belong to the value if it continues after them.
    var emptyLines = 0
    var subproperties: [ConfigProperty.Subproperty] = []

    var isSecret: Bool { key.map(ConfigProperty.secretKeys.contains) ?? false }
  }

  private init(_ source: ConfigSource) { self.source = source }

  /// Parses the content of a file.
  ///
  /// - Throws: `SettingsFault` if a line is not UTF-8, a header is invalid, a line outside a
  ///   section or without `=` is found, or a key has no name.
  static func read(_ bytes: [UInt8], of source: ConfigSource) throws(SettingsFault) -> ConfigFile {
    var reader = ConfigText(source)
    var rest = bytes[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    while !rest.isEmpty {
      // Any of the three line endings, as Python reads text.
      let end = rest.firstIndex { $0 == 0x0A || $0 == 0x0D } ?? rest.endIndex
      try reader.read(rest[..<end])
      let isPair = end + 1 < rest.endIndex && rest[end] == 0x0D && rest[end + 1] == 0x0A
      rest = rest.dropFirst(end - rest.startIndex + (isPair ? 2 : 1))
    }
    reader.close()
    return ConfigFile(reader.sections, of: source, remarks: reader.remarks)
  }

  // MARK: Lines

  private mutating func read(_ text: ArraySlice<UInt8>) throws(SettingsFault) {
    line += 1
    guard ConfigLine.isUTF8(text) else { throw fault("the line is not UTF-8 text") }
    let (depth, content) = ConfigLine.content(of: text)
    guard let first = content.first else {
      open?.emptyLines += 1
      return
    }
    if first == UInt8(ascii: "#") || first == UInt8(ascii: ";") { return }
    if open != nil, depth > indentation { return try continuation(content) }
    indentation = depth
    if first == UInt8(ascii: "[") {
      try header(content)
    } else {
      try property(content)
    }
  }

  /// Parses a header, which ends at the last bracket of the line; text after it is a comment.
  ///
  /// - Throws: `SettingsFault` if there is no closing bracket or no text in the brackets.
  private mutating func header(_ text: ArraySlice<UInt8>) throws(SettingsFault) {
    guard let end = text.lastIndex(of: UInt8(ascii: "]")), end > text.startIndex + 1 else {
      throw fault("Profile definition must end with ']'")
    }
    close()
    let header = Untrusted(bytes: text[(text.startIndex + 1)..<end])
    if let known = places[header] {
      place = known
      remark("given twice, first in line \(sections[known].line); the keys of both hold", header)
      sections[known].lastLine = line
    } else {
      place = sections.count
      places[header] = sections.count
      sections.append(ConfigSectionText(header: header, line: line, lastLine: line))
    }
  }

  /// Parses a line with a key and begins its value.
  ///
  /// - Throws: `SettingsFault` if there is no section, no `=` or `:`, or no key.
  private mutating func property(_ text: ArraySlice<UInt8>) throws(SettingsFault) {
    guard place != nil else { throw fault("Expected a profile definition") }
    guard let (name, value) = ConfigLine.halves(text, at: "=:") else {
      throw fault(
        indentation > 0 && open == nil
          ? "Expected a property definition, found continuation"
          : "Expected an '=' sign defining a property")
    }
    guard !name.isEmpty else { throw fault("Property did not have a name") }
    close()
    let key = ConfigLine.key(name)
    if key == nil { remark("a key that is no setting's name") }
    open = OpenProperty(
      key: key, line: line, value: Array(value), takesSubproperties: value.isEmpty)
  }

  /// Appends a line to the value of the current key.
  ///
  /// - Throws: `SettingsFault` if the key has no value of its own and the line is not a valid
  ///   sub-property.
  private mutating func continuation(_ text: ArraySlice<UInt8>) throws(SettingsFault) {
    // Never copy the whole property to a second variable: its value would be copied at every line.
    let takesSubproperties = open?.takesSubproperties ?? false
    if takesSubproperties {
      try subproperty(text)
    } else {
      if text.first == UInt8(ascii: "["), text.last == UInt8(ascii: "]") {
        remark("the brackets in line \(line) are indented, and so belong to the value above them")
      }
      for _ in 0..<(open?.emptyLines ?? 0) { open?.value.append(0x0A) }
    }
    open?.emptyLines = 0
    open?.value.append(0x0A)
    open?.value += text
  }

  /// Parses a line under a key without a value of its own.
  ///
  /// - Throws: `SettingsFault` if there is no `=` or no name.
  private mutating func subproperty(_ text: ArraySlice<UInt8>) throws(SettingsFault) {
    let key = open?.key
    guard let (name, value) = ConfigLine.halves(text, at: "=") else {
      throw fault("Expected an '=' sign defining a sub-property", of: key)
    }
    guard !name.isEmpty else { throw fault("Sub-property did not have a name", of: key) }
    guard let name = ConfigLine.key(name), open?.isSecret == false else { return }
    open?.subproperties.append(
      ConfigProperty.Subproperty(
        name: name, value: Untrusted(bytes: value), origin: .line(line, of: source)))
  }

  /// Adds the property that was read to its section.
  private mutating func close() {
    guard let place, let open, let key = open.key else {
      open = nil
      return
    }
    let property = ConfigProperty(
      value: open.isSecret ? .secret(Secret(open.value)) : .text(Untrusted(bytes: open.value)),
      origin: .line(open.line, of: source), subproperties: open.subproperties)
    self.open = nil
    let old = sections[place].properties.updateValue(property, forKey: key)
    guard let old, case .line(let number, _) = old.origin else { return }
    remark("\(key) in line \(number) is overruled by line \(open.line)", at: open.line)
  }

  // MARK: Remarks and errors

  private mutating func remark(_ words: String, _ header: Untrusted? = nil, at number: Int? = nil) {
    let line = number ?? self.line
    let header = header ?? place.map { sections[$0].header } ?? Untrusted("")
    remarks.append(
      ConfigRemark(.line(line, of: source), line: line, header: header, words: words))
  }

  private func fault(_ detail: String, of key: String? = nil) -> SettingsFault {
    SettingsFault(
      Untrusted(key ?? source.kind.rawValue), origin: SettingOrigin.line(line, of: source).text,
      detail: Untrusted(detail))
  }
}

/// The parts of a line.
///
/// Whitespace is what Python takes for it, so that a blank copied from a web page (U+00A0) counts.
enum ConfigLine {
  static func isUTF8(_ text: ArraySlice<UInt8>) -> Bool {
    text.allSatisfy { $0 < 0x80 } || String(validating: text, as: UTF8.self) != nil
  }

  /// Returns a line without whitespace at both ends, and the number of whitespace characters before
  /// it.
  static func content(of text: ArraySlice<UInt8>) -> (depth: Int, text: ArraySlice<UInt8>) {
    var rest = text
    var depth = 0
    while let length = leadingBlank(rest) {
      rest = rest.dropFirst(length)
      depth += 1
    }
    while let length = trailingBlank(rest) { rest = rest.dropLast(length) }
    return (depth, rest)
  }

  /// Returns the text on both sides of the first of these signs, without whitespace at the ends;
  /// nil if there is no sign.
  static func halves(
    _ text: ArraySlice<UInt8>, at signs: StaticString
  ) -> (ArraySlice<UInt8>, ArraySlice<UInt8>)? {
    let sign = text.firstIndex { byte in
      signs.withUTF8Buffer { $0.contains(byte) }
    }
    guard let sign else { return nil }
    return (content(of: text[..<sign]).text, content(of: text[(sign + 1)...]).text)
  }

  /// Returns the key in lower case; nil if it has a character that names of settings do not have.
  static func key(_ text: ArraySlice<UInt8>) -> String? {
    guard !text.isEmpty, text.allSatisfy(isKeyByte) else { return nil }
    return String(decoding: text, as: UTF8.self).lowercased()
  }

  static func isKeyByte(_ byte: UInt8) -> Bool {
    byte.isASCIIAlphanumeric || "_-/.%@:+".utf8.contains(byte)
  }

  // MARK: Whitespace

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte) || (0x1C...0x1F).contains(byte)
  }

  /// Returns the length of the whitespace character at the start, in bytes; nil for any other
  /// character.
  private static func leadingBlank(_ text: ArraySlice<UInt8>) -> Int? {
    guard let first = text.first else { return nil }
    if first < 0x80 { return isBlank(first) ? 1 : nil }
    return wide.first { text.starts(with: $0) }?.count
  }

  private static func trailingBlank(_ text: ArraySlice<UInt8>) -> Int? {
    guard let last = text.last else { return nil }
    if last < 0x80 { return isBlank(last) ? 1 : nil }
    return wide.first { text.suffix($0.count).elementsEqual($0) }?.count
  }

  /// The whitespace characters beyond ASCII.
  private static let wide: [[UInt8]] = [
    "\u{85}", "\u{A0}", "\u{1680}", "\u{2000}", "\u{2001}", "\u{2002}", "\u{2003}", "\u{2004}",
    "\u{2005}", "\u{2006}", "\u{2007}", "\u{2008}", "\u{2009}", "\u{200A}", "\u{2028}", "\u{2029}",
    "\u{202F}", "\u{205F}", "\u{3000}",
  ].map { Array(($0 as String).utf8) }
}
