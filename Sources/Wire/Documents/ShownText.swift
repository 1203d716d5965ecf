import Model
import Text

/// A parser of the text that `handshake show` prints into a pipe or a file, and with `--plain`.
///
/// Each line is a label and a value, separated by a tab or `: `. Lines with the judgement of the
/// program that printed them (`Trust`, `Seen by`, …) are ignored.
struct ShownText {
  private var members: [(String, JSONValue?)] = []
  private var parties: [JSONValue] = []
  private var resources: [(depth: Int, members: [(String, JSONValue?)])] = []
  private var isDamaged = false

  /// Returns the handshakes of the text; nil for any other document.
  static func read(_ document: [UInt8]) -> [Handshake]? {
    let text = DocumentText(document).utf8
    guard text.starts(with: "Handshake\t".utf8) || text.starts(with: "Handshake: ".utf8) else {
      return nil
    }
    var shown: [ShownText] = []
    for line in text.split(separator: 0x0A) {
      guard let (label, value) = parts(of: line) else { continue }
      if label == "Handshake" { shown.append(ShownText()) }
      guard !shown.isEmpty else { return nil }
      shown[shown.count - 1].apply(label, value)
    }
    return shown.map(\.handshake)
  }

  private static func parts(of line: ArraySlice<UInt8>) -> (String, Untrusted)? {
    let line = line.last == 0x0D ? line.dropLast() : line
    let colon = Array(": ".utf8)
    var end = line.firstIndex(of: 0x09)
    var width = 1
    if end == nil {
      end = line.indices.first { line[$0...].starts(with: colon) }
      width = 2
    }
    guard let end else { return nil }
    let value = Untrusted(bytes: Array(line[(end + width)...]))
    return (String(decoding: line[..<end], as: UTF8.self), unescaped(value))
  }

  /// Decodes the escapes of either character set.
  private static func unescaped(_ text: Untrusted) -> Untrusted {
    let isASCII = text.bytes.allSatisfy { $0 < 0x80 }
    if isASCII, let plain = try? Sanitiser.unescape(text, in: .ascii) { return plain }
    return (try? Sanitiser.unescape(text, in: .utf8)) ?? text
  }

  private mutating func apply(_ label: String, _ value: Untrusted) {
    let words = label.split(separator: " ").map(String.init)
    switch (words.first, words.count) {
    case ("Handshake", 1): members.append(("Id", .string(value)))
    case ("State", 1), ("Action", 1): members.append((label, .string(value)))
    case ("ARN", 1): members.append(("Arn", .string(value)))
    case ("Requested", 1): members.append(("RequestedTimestamp", .string(value)))
    case ("Expires", 1): members.append(("ExpirationTimestamp", .string(value)))
    case ("Party", 2):
      parties.append(.members([("Id", .string(value)), ("Type", .text(words[1]))]))
    // `Resource 1 NOTES` in a pipe, `Resource level 2 NOTES` with --plain.
    case ("Resource", 3): addResource(words[2], value, depth: Int(words[1]))
    case ("Resource", 4): addResource(words[3], value, depth: Int(words[2]).map { $0 - 1 })
    case ("Damage", 1): isDamaged = true
    default: break
    }
  }

  private mutating func addResource(_ type: String, _ value: Untrusted, depth: Int?) {
    guard let depth, depth >= 0 else { return }
    var bytes = value.bytes[...]
    let isMarked = bytes.starts(with: "~ ".utf8)
    if isMarked { bytes = bytes.dropFirst(2) }
    let text = bytes.isEmpty && !isMarked ? nil : JSONValue.string(Untrusted(bytes: Array(bytes)))
    resources.append((depth, [("Value", text), ("Type", .text(type))]))
  }

  /// The resources as a tree, built from the last one to the first.
  private var tree: JSONValue {
    var below: [Int: [JSONValue]] = [:]
    for (depth, members) in resources.reversed() {
      let inner = below.removeValue(forKey: depth + 1).map { JSONValue.array($0.reversed()) }
      below[depth, default: []].append(.members(members + [("Resources", inner)]))
    }
    return .array((below[0] ?? []).reversed())
  }

  private var handshake: Handshake {
    let record = JSONValue.members(
      members + [("Parties", .array(parties)), ("Resources", tree)])
    let json = record.json(.wire)
    var handshake = json.withUnsafeBufferPointer { buffer in
      var decoder = HandshakeDecoder(JSONCursor(buffer, limits: .document))
      // The JSON was written here and is valid.
      try? decoder.readRecord()
      return decoder.takeRecord()
    }
    // The text does not say what was damaged, so the record is marked as damaged in general.
    if isDamaged, handshake.damage.isEmpty {
      handshake.damage.append(Damage(.malformed, at: ""))
    }
    return handshake
  }
}
