import Model
import Signing
import Text

/// Reads the text of a config or credentials file, by the grammar that the AWS SDKs share: sections
/// in brackets, `key = value`, indented lines that continue a value or stand under an empty one.
///
/// Refuses what has no meaning, with file and line; passes over sections and keys whose names are
/// not of the format. No text of the file gets into a fault but a key's name.
struct ConfigText {
  private let source: ConfigSource
  private var file = ConfigFile()
  private var place = Place.start
  private var open: OpenProperty?
  private var line = 0

  private enum Place {
    case start
    case section(Header)
  }

  /// The property that indented lines belong to: they are gathered until the next property.
  private struct OpenProperty {
    /// Nil when its name is not of the format: what follows is passed over with it.
    let key: String?
    let line: Int
    var value: [UInt8]
    let takesSubproperties: Bool
    var subproperties: [ConfigProperty.Subproperty] = []

    var isSecret: Bool { key.map(ConfigProperty.secretKeys.contains) ?? false }
  }

  /// Which section a line is in.
  private enum Header {
    case profile(String)
    /// `[default]` of the config file, which `[profile default]` hides.
    case bareDefault
    case ssoSession(String)
    case services(String)
    /// Passed over with all its properties.
    case unknown
  }

  private init(_ source: ConfigSource) { self.source = source }

  static func read(_ bytes: [UInt8], of source: ConfigSource) throws(SettingsFault) -> ConfigFile {
    var reader = ConfigText(source)
    var rest = bytes[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    while !rest.isEmpty {
      let end = rest.firstIndex(of: 0x0A) ?? rest.endIndex
      var line = rest[..<end]
      if line.last == 0x0D { line = line.dropLast() }
      try reader.read(line)
      rest = end == rest.endIndex ? [] : rest[(end + 1)...]
    }
    reader.close()
    return reader.file
  }

  // MARK: Lines

  private mutating func read(_ text: ArraySlice<UInt8>) throws(SettingsFault) {
    line += 1
    guard Self.isUTF8(text) else { throw fault("the line is not UTF-8 text") }
    guard let first = text.first, !text.allSatisfy(Self.isBlank) else { return }
    if first == UInt8(ascii: "#") || first == UInt8(ascii: ";") { return }
    if first == UInt8(ascii: "[") {
      try header(text)
    } else if Self.isBlank(first) {
      try continuation(Self.trimmed(text))
    } else {
      try property(text)
    }
  }

  private mutating func header(_ text: ArraySlice<UInt8>) throws(SettingsFault) {
    let text = Self.trimmed(Self.beforeComment(text, afterBlankOnly: false))
    guard text.count > 1, text.last == UInt8(ascii: "]") else {
      throw fault("Profile definition must end with ']'")
    }
    let header = self.header(named: Self.trimmed(text.dropFirst().dropLast()))
    close()
    place = .section(header)
    change(header) { _ in }
  }

  private mutating func property(_ text: ArraySlice<UInt8>) throws(SettingsFault) {
    guard case .section = place else { throw fault("Expected a profile definition") }
    let text = Self.beforeComment(text, afterBlankOnly: true)
    guard let (name, value) = Self.halves(text) else {
      throw fault("Expected an '=' sign defining a property")
    }
    guard !name.isEmpty else { throw fault("Property did not have a name") }
    close()
    open = OpenProperty(
      key: Self.name(name)?.lowercased(), line: line, value: Array(value),
      takesSubproperties: value.isEmpty)
  }

  private mutating func continuation(_ text: ArraySlice<UInt8>) throws(SettingsFault) {
    guard case .section = place else { throw fault("Expected a profile definition") }
    // Never the whole property in a second variable: its value would be copied at every line.
    guard let takesSubproperties = open?.takesSubproperties else {
      throw fault("Expected a property definition, found continuation")
    }
    if takesSubproperties { try subproperty(text) }
    open?.value.append(0x0A)
    open?.value += text
  }

  private mutating func subproperty(_ text: ArraySlice<UInt8>) throws(SettingsFault) {
    let key = open?.key
    guard let (name, value) = Self.halves(text) else {
      throw fault("Expected an '=' sign defining a sub-property", of: key)
    }
    guard !name.isEmpty else { throw fault("Sub-property did not have a name", of: key) }
    guard let name = Self.name(name), open?.isSecret == false else { return }
    open?.subproperties.append(
      ConfigProperty.Subproperty(
        name: name.lowercased(), value: Untrusted(bytes: value), origin: .line(line, of: source)))
  }

  /// Puts the property that was gathered where it belongs.
  private mutating func close() {
    guard case .section(let header) = place, let open, let key = open.key else {
      open = nil
      return
    }
    let property = ConfigProperty(
      value: open.isSecret ? .secret(Secret(open.value)) : .text(Untrusted(bytes: open.value)),
      origin: .line(open.line, of: source), subproperties: open.subproperties)
    self.open = nil
    change(header) { $0.properties[key] = property }
  }

  // MARK: Sections

  private func header(named text: ArraySlice<UInt8>) -> Header {
    if source.kind == .credentials { return Self.name(text).map { .profile($0) } ?? .unknown }
    if text.elementsEqual("default".utf8) { return .bareDefault }
    let end = text.firstIndex(where: Self.isBlank) ?? text.endIndex
    guard let name = Self.name(Self.trimmed(text[end...])) else { return .unknown }
    return switch String(decoding: text[..<end], as: UTF8.self) {
    case "profile": .profile(name)
    case "sso-session": .ssoSession(name)
    case "services": .services(name)
    default: .unknown
    }
  }

  private mutating func change(_ header: Header, _ body: (inout ConfigSection) -> Void) {
    switch header {
    case .profile(let name): body(&file.profiles[name, default: ConfigSection(name)])
    case .ssoSession(let name): body(&file.ssoSessions[name, default: ConfigSection(name)])
    case .services(let name): body(&file.services[name, default: ConfigSection(name)])
    case .bareDefault:
      var section = file.bareDefault ?? ConfigSection("default")
      // Held in one place only while it changes, so that it is not copied.
      file.bareDefault = nil
      body(&section)
      file.bareDefault = section
    case .unknown: break
    }
  }

  private func fault(_ detail: String, of key: String? = nil) -> SettingsFault {
    SettingsFault(
      Untrusted(key ?? source.kind.rawValue), origin: Origin.line(line, of: source).text,
      detail: Untrusted(detail))
  }
}

// MARK: Pieces of a line

extension ConfigText {
  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private static func isUTF8(_ text: ArraySlice<UInt8>) -> Bool {
    text.allSatisfy { $0 < 0x80 } || String(validating: text, as: UTF8.self) != nil
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text
    while let first = text.first, isBlank(first) { text.removeFirst() }
    while let last = text.last, isBlank(last) { text.removeLast() }
    return text
  }

  private static func beforeComment(
    _ text: ArraySlice<UInt8>, afterBlankOnly: Bool
  ) -> ArraySlice<UInt8> {
    var previous: UInt8 = 0
    for index in text.indices {
      let byte = text[index]
      let isSign = byte == UInt8(ascii: "#") || byte == UInt8(ascii: ";")
      if isSign, !afterBlankOnly || isBlank(previous) { return text[..<index] }
      previous = byte
    }
    return text
  }

  /// What stands left and right of the first `=`, trimmed.
  private static func halves(
    _ text: ArraySlice<UInt8>
  ) -> (ArraySlice<UInt8>, ArraySlice<UInt8>)? {
    guard let sign = text.firstIndex(of: UInt8(ascii: "=")) else { return nil }
    return (trimmed(text[..<sign]), trimmed(text[(sign + 1)...]))
  }

  /// The name, when it holds only what names may hold.
  private static func name(_ text: ArraySlice<UInt8>) -> String? {
    guard !text.isEmpty, text.allSatisfy(isNameByte) else { return nil }
    return String(decoding: text, as: UTF8.self)
  }

  static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "_-/.%@:+".utf8.contains(byte)
    }
  }
}
