import Text

/// An element of the XML in a reply of the Query protocol.
///
/// The parser accepts elements, attributes (which are ignored) and text with the five named
/// entities and numeric ones. It refuses document types, processing instructions, CDATA and
/// comments.
public struct XMLElement: Hashable, Sendable {
  /// The name without its prefix.
  public var name: Untrusted
  /// The text of an element without children, including the white space around it; empty for
  /// others.
  public var text: Untrusted
  /// The elements within this one, in order.
  public var children: [XMLElement]

  /// The reason why a document was refused, and the place.
  public struct Fault: Error, Hashable, Sendable {
    /// The rule that was broken.
    public var reason: Reason
    /// The place in bytes from the start of the document.
    public var offset: Int
  }

  /// The rules that a document can break.
  public enum Reason: String, Hashable, CaseIterable, Sendable {
    case malformed
    case unsupported
    case tooDeep
    case tooLong
  }

  /// The greatest accepted depth of elements within one another, the root included.
  static let depthTaken = 16
  /// The greatest accepted size of a document, 1 MiB.
  static let lengthTaken = 1 << 20

  /// Parses one whole document, with or without a byte order mark and an XML declaration.
  ///
  /// - Parameter bytes: The document in UTF-8.
  /// - Returns: The root element.
  /// - Throws: `Fault` with the reason and offset: `tooLong` above 1 MiB, `tooDeep` below 16
  ///   levels, `unsupported` for `<!`, a processing instruction, or text beside elements,
  ///   `malformed` for everything else, such as a cut document or text after the root.
  public static func read(_ bytes: [UInt8]) throws(Fault) -> XMLElement {
    guard bytes.count <= lengthTaken else { throw Fault(reason: .tooLong, offset: lengthTaken) }
    var reader = XMLReader(bytes)
    return try reader.document()
  }

  /// Whether an element anywhere in the document has two children of one name.
  ///
  /// Children called `member` are exempt: the Query protocol's lists consist of them.
  var repeatsAnElement: Bool {
    var names: Set<Untrusted> = []
    for child in children where child.name != Untrusted("member") {
      guard names.insert(child.name).inserted else { return true }
    }
    return children.contains(where: \.repeatsAnElement)
  }

  /// Returns the first child of this name; nil when there is none.
  public subscript(_ name: String) -> XMLElement? {
    children.first { $0.name == Untrusted(name) }
  }
}

// Replies contain credentials, so descriptions show nothing of them.
extension XMLElement: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// A placeholder, because replies contain credentials.
  public var description: String { "‹element›" }
  /// The same placeholder as `description`.
  public var debugDescription: String { description }
  /// A mirror without children, so that `dump` and failed tests show nothing.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// A parser that passes through a document once and recurses at most `depthTaken` levels.
struct XMLReader {
  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Parses the document and returns its root element.
  ///
  /// - Throws: `XMLElement.Fault` as `XMLElement.read` does, except for the size.
  mutating func document() throws(XMLElement.Fault) -> XMLElement {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    if starts(with: "<?xml ") {
      guard let end = bytes[place...].firstRange(of: Array("?>".utf8)) else {
        throw fault(.malformed)
      }
      place = end.upperBound
    }
    skipSpace()
    let root = try element(depth: 1)
    skipSpace()
    guard place == bytes.count else { throw fault(.malformed) }
    return root
  }

  private mutating func element(depth: Int) throws(XMLElement.Fault) -> XMLElement {
    guard depth <= XMLElement.depthTaken else { throw fault(.tooDeep) }
    guard starts(with: "<") else { throw fault(.malformed) }
    if starts(with: "<!") || starts(with: "<?") { throw fault(.unsupported) }
    place += 1
    let name = try self.name()
    if try attributes() {
      return XMLElement(name: Self.local(name), text: Untrusted(""), children: [])
    }
    var text: [UInt8] = []
    var children: [XMLElement] = []
    while !starts(with: "</") {
      guard place < bytes.count else { throw fault(.malformed) }
      if bytes[place] == UInt8(ascii: "<") {
        children.append(try element(depth: depth + 1))
      } else {
        try character(into: &text)
      }
    }
    place += 2
    guard try self.name() == name else { throw fault(.malformed) }
    skipSpace()
    try take(">")
    if !children.isEmpty {
      guard text.allSatisfy(Self.isSpace) else { throw fault(.unsupported) }
      text = []
    }
    return XMLElement(
      name: Self.local(name), text: Untrusted(bytes: text), children: children)
  }

  /// Skips the attributes of a tag to its end, and returns whether the tag closed the element.
  private mutating func attributes() throws(XMLElement.Fault) -> Bool {
    while true {
      let before = place
      skipSpace()
      if starts(with: "/>") {
        place += 2
        return true
      }
      if starts(with: ">") {
        place += 1
        return false
      }
      guard place > before else { throw fault(.malformed) }
      _ = try name()
      skipSpace()
      try take("=")
      skipSpace()
      guard place < bytes.count, bytes[place] == 0x22 || bytes[place] == 0x27,
        let end = bytes[(place + 1)...].firstIndex(of: bytes[place])
      else { throw fault(.malformed) }
      guard !bytes[place..<end].contains(UInt8(ascii: "<")) else { throw fault(.malformed) }
      place = end + 1
    }
  }

  private mutating func character(into text: inout [UInt8]) throws(XMLElement.Fault) {
    guard bytes[place] == UInt8(ascii: "&") else {
      text.append(bytes[place])
      place += 1
      return
    }
    guard let end = bytes[place...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else {
      throw fault(.malformed)
    }
    let entity = String(decoding: bytes[(place + 1)..<end], as: UTF8.self)
    guard let scalar = Self.scalar(entity) else { throw fault(.malformed) }
    text += Array(String(Character(scalar)).utf8)
    place = end + 1
  }

  private static func scalar(_ entity: String) -> Unicode.Scalar? {
    switch entity {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    default: break
    }
    guard entity.utf8.first == UInt8(ascii: "#") else { return nil }
    let isHexadecimal = entity.utf8.dropFirst().first == UInt8(ascii: "x")
    let digits = entity.dropFirst(isHexadecimal ? 2 : 1)
    // `UInt32(_:radix:)` accepts a sign.
    guard digits.utf8.first != UInt8(ascii: "+"),
      let value = UInt32(digits, radix: isHexadecimal ? 16 : 10), value > 0
    else { return nil }
    return Unicode.Scalar(value)
  }

  private mutating func name() throws(XMLElement.Fault) -> ArraySlice<UInt8> {
    let name = bytes[place...].prefix { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...0xFF: true
      default: "_:.-".utf8.contains(byte)
      }
    }
    guard let first = name.first, !first.isASCIIDigit, !".-".utf8.contains(first)
    else { throw fault(.malformed) }
    place = name.endIndex
    return name
  }

  private static func local(_ name: ArraySlice<UInt8>) -> Untrusted {
    let colon = name.lastIndex(of: UInt8(ascii: ":"))
    return Untrusted(bytes: colon.map { name[($0 + 1)...] } ?? name)
  }

  private mutating func take(_ text: String) throws(XMLElement.Fault) {
    guard starts(with: text) else { throw fault(.malformed) }
    place += text.utf8.count
  }

  private func starts(with text: String) -> Bool { bytes[place...].starts(with: text.utf8) }

  private mutating func skipSpace() {
    while place < bytes.count, Self.isSpace(bytes[place]) { place += 1 }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  private func fault(_ reason: XMLElement.Reason) -> XMLElement.Fault {
    XMLElement.Fault(reason: reason, offset: place)
  }
}

/// Writes the elements and text of the Query protocol's replies.
public enum XMLText {
  /// Returns an element with text; `name` is written as it is.
  public static func element(_ name: String, _ text: String) -> String {
    "<\(name)>\(escaped(text))</\(name)>"
  }

  /// Returns the text with `&`, `<`, `>` and `"` escaped, so that it cannot end an element.
  ///
  /// Characters that XML 1.0 does not allow, and CR, become U+FFFD.
  public static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n", " "..."\u{D7FF}", "\u{E000}"..."\u{FFFD}", "\u{10000}"..."\u{10FFFF}":
        result.unicodeScalars.append(scalar)
      default: result += "\u{FFFD}"
      }
    }
    return result
  }
}
