import TestSupport
import Testing
import Text
import Wire

/// A JSON file of vectors.
enum VectorFile {
  static func read(_ path: String) throws -> JSONValue {
    try JSONValue.read(try SharedFolder.bytes("vectors/" + path))
  }
}

/// Runs the cases of one file: a case passes when all its expectations hold.
struct CaseCount {
  private(set) var cases = 0
  private(set) var passed = 0
  private(set) var leftOut: [Tally.LeftOut] = []

  /// Runs a case that returns whether it was as expected.
  mutating func run(
    _ name: String, at location: SourceLocation = #_sourceLocation, _ body: () throws -> Bool
  ) {
    cases += 1
    do {
      let isRight = try body()
      #expect(isRight, "\(name)", sourceLocation: location)
      if isRight { passed += 1 }
    } catch {
      Issue.record("\(name): \(error)", sourceLocation: location)
    }
  }

  mutating func leaveOut(_ name: String, _ reason: String) {
    cases += 1
    leftOut.append(Tally.LeftOut(name, reason))
  }

  func record(_ file: String) throws {
    try Tally.record(file: file, cases: cases, passed: passed, leftOut: leftOut)
  }
}

extension JSONValue {
  /// The text of a member that is ASCII; nil when it is missing.
  func ascii(_ name: String) -> String? { self[name]?.string?.asciiText }

  /// An object of texts, as a dictionary.
  var texts: [String: String] {
    var texts: [String: String] = [:]
    for member in object ?? [] {
      texts[String(decoding: member.name.bytes, as: UTF8.self)] = member.value.string.map {
        String(decoding: $0.bytes, as: UTF8.self)
      }
    }
    return texts
  }
}
