import Model
import Signing
import Text

/// Reads the text of a config or credentials file as the AWS CLI does: by the rules of Python's
/// `configparser`. Sections in brackets; keys up to the first `=` or `:`, at any indentation; lines that
/// are indented further than their key continue its value. A comment has a line of its own: a `#` behind
/// a value belongs to it.
///
/// Refuses what has no meaning, with file and line; says what has no effect (`ConfigRemark`). Two things
/// are read that the AWS CLI refuses, as its SDKs read them: a section or key that is given twice, and a
/// byte-order mark. No text of the file gets into a fault but a key's name.
struct ConfigText {
  private let source: ConfigSource
  private var sections: [ConfigSectionText] = []
  private var places: [Untrusted: Int] = [:]
  /// Of the section that a line is in; nil before the first one.
  private var place: Int?
  private var open: OpenProperty?
  /// Of the last header or key, in characters: what is indented further continues a value.
  private var indentation = 0
  private var line = 0
  private var remarks: [ConfigRemark] = []

  /// The property whose value may go on in the next lines.
  private struct OpenProperty {
    /// Nil when no setting can have such a name: what follows is passed over with it.
    let key: String?
    let line: Int
    var value: [UInt8]
    let takesSubproperties: Bool
    /// Empty lines since, which belong to the value when it goes on after them.
    var emptyLines = 0
    var subproperties: [ConfigProperty.Subproperty] = []

    var isSecret: Bool { key.map(ConfigProperty.secretKeys.contains) ?? false }
  }

  private init(_ source: ConfigSource) { self.source = source }

  static func read(_ bytes: [UInt8], of source: ConfigSource) throws(SettingsFault) -> ConfigFile {
    var reader = ConfigText(source)
    var rest = bytes[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    while !rest.isEmpty {
      // Any of the three line ends, as Python reads text.
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

  /// Ends at the last bracket of the line; text after it is a comment.
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

  private mutating func continuation(_ text: ArraySlice<UInt8>) throws(SettingsFault) {
    // Never the whole property in a second variable: its value would be copied at every line.
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

  /// Puts the property that was gathered where it belongs.
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

  // MARK: What is said

  private mutating func remark(_ words: String, _ header: Untrusted? = nil, at number: Int? = nil) {
    let line = number ?? self.line
    let header = header ?? place.map { sections[$0].header } ?? Untrusted("")
    remarks.append(
      ConfigRemark(.line(line, of: source), line: line, header: header, words: words))
  }

  private func fault(_ detail: String, of key: String? = nil) -> SettingsFault {
    SettingsFault(
      Untrusted(key ?? source.kind.rawValue), origin: Origin.line(line, of: source).text,
      detail: Untrusted(detail))
  }
}
