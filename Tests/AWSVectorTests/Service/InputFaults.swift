import TestSupport
import Text
import Wire

/// Every way to break one rule of the model in a valid request, and the expected answer of the
/// service.
struct InputFaults {
  struct Case {
    /// The member and the broken rule.
    var words: String
    var body: JSONValue
    /// The exception and its reason; nil when it must not be refused for this member's length.
    var answer: String?
  }

  let model: ServiceModel
  let sound: JSONValue
  private(set) var cases: [Case] = []

  init(_ model: ServiceModel, input: String, sound: JSONValue) throws {
    self.model = model
    self.sound = sound
    try add(structure: input, at: [])
  }

  /// A member's name, or "0" for the first element of a list.
  private typealias Path = [String]

  private mutating func add(structure name: String, at path: Path) throws {
    let shape = try model.shape(name)
    for member in shape.members {
      let place = path + [member.name]
      // The other template has it, or the operation has no such member in this version.
      guard sound.value(at: place[...]) != nil else { continue }
      if shape.required.contains(member.name) {
        add("is missing", nil, at: place, "InvalidInputException INPUT_REQUIRED")
        add("is null", .null, at: place, "InvalidInputException INPUT_REQUIRED")
      }
      try add(shape: member.shape, at: place)
    }
  }

  private mutating func add(shape name: String, at place: Path) throws {
    let shape = try model.shape(name)
    switch shape.type {
    case "structure":
      add("is a list", .array([]), at: place, "SerializationException")
      try add(structure: name, at: place)
    case "list":
      add("is an object", .object([]), at: place, "SerializationException")
      add("holds a number", .array([.int(5)]), at: place, "SerializationException")
      guard let element = shape.element else { return }
      try add(shape: element, at: place + ["0"])
    case "string":
      add("is a number", .int(5), at: place, "SerializationException")
      try add(string: shape, at: place)
    case "integer":
      add("is a string", .text("5"), at: place, "SerializationException")
      add("is a fraction", try .read(Array("1.5".utf8)), at: place, "SerializationException")
      if let min = shape.min {
        add("is too small", .int(min - 1), at: place, "InvalidInputException MIN_VALUE_EXCEEDED")
      }
      if let max = shape.max {
        add("is too large", .int(max + 1), at: place, "InvalidInputException MAX_VALUE_EXCEEDED")
      }
    case "timestamp":
      add("is a word", .text("today"), at: place, "SerializationException")
    default: throw FixtureError(text: "a \(shape.type) in a request")
    }
  }

  private mutating func add(string shape: ServiceModel.Shape, at place: Path) throws {
    if !shape.values.isEmpty {
      add("is no value", .text("NO_SUCH"), at: place, "InvalidInputException INVALID_ENUM")
    }
    if let max = shape.max {
      let text = String(repeating: "a", count: max)
      add(
        "is too long", .text(text + "a"), at: place, "InvalidInputException MAX_LENGTH_EXCEEDED")
      add("is as long as may be", .text(text), at: place, nil)
      // Characters are counted, not bytes.
      add(
        "is as long as may be in UTF-8", .text(String(repeating: "é", count: max)), at: place, nil)
    }
    if let min = shape.min, min > 0 {
      add(
        "is too short", .text(String(repeating: "a", count: min - 1)), at: place,
        "InvalidInputException MIN_LENGTH_EXCEEDED")
    }
    guard let pattern = shape.pattern, pattern != "[\\s\\S]*" else { return }
    let length = (shape.min ?? 0)...(shape.max ?? .max)
    let breaking = try Self.candidates.filter {
      try length.contains($0.unicodeScalars.count) && !shape.matches($0)
    }
    guard !breaking.isEmpty else { throw FixtureError(text: "nothing breaks \(pattern)") }
    for text in breaking {
      add(
        "is “\(text)”", .text(text), at: place, "InvalidInputException INVALID_PATTERN")
    }
  }

  /// Texts, one of which breaks any pattern of the model.
  private static let candidates = [
    "\u{7}", "é", " ", "#", "\u{7}\u{7}\u{7}\u{7}\u{7}\u{7}\u{7}", "h-SHORT", "h-1234567",
    "H-00000000000", "h-00000000000/x", "rt-1234567", "rt-ABCDEFGH", "car-1234567", "12345678901",
    "１２３４５６７８９０１２", "no-address", "a@b c.d", "nobody@localhost",
  ]

  private mutating func add(
    _ words: String, _ value: JSONValue?, at place: Path, _ answer: String?
  ) {
    cases.append(
      Case(
        words: place.joined(separator: ".") + " " + words,
        body: sound.replacing(place[...], by: value), answer: answer))
  }
}

extension JSONValue {
  fileprivate func value(at path: ArraySlice<String>) -> JSONValue? {
    guard let name = path.first else { return self }
    let inner = array?.first ?? self[name]
    return inner?.value(at: path.dropFirst())
  }

  /// The same value with another value at a place, or with nothing there.
  fileprivate func replacing(_ path: ArraySlice<String>, by value: JSONValue?) -> JSONValue {
    guard let name = path.first else { return value ?? .null }
    if case .array(let elements) = self {
      return .array(elements.map { $0.replacing(path.dropFirst(), by: value) })
    }
    guard case .object(let members) = self else { return self }
    return .object(
      members.compactMap { member in
        guard member.name == Untrusted(name) else { return member }
        if path.count == 1, value == nil { return nil }
        return Member(member.name, member.value.replacing(path.dropFirst(), by: value))
      })
  }
}
