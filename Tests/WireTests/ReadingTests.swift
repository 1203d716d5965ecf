import Foundation
import Model
import Synchronization
import TestSupport
import Testing
import Text
import Wire

@Suite struct ReadingTests {
  @Test(
    "a fault has the error and its byte offset",
    arguments: [
      ("", JSONFault.Kind.unexpectedEnd, 0),
      ("  ", .unexpectedEnd, 2),
      ("[1,]", .unexpectedByte, 3),
      ("[01]", .unexpectedByte, 2),
      ("[1.]", .badNumber, 1),
      ("[-]", .badNumber, 1),
      ("[+1]", .unexpectedByte, 1),
      ("[\"a\\x\"]", .badEscape, 3),
      ("[\"\\u12G4\"]", .badEscape, 2),
      ("[\"a\nb\"]", .controlCharacter, 3),
      ("[\"abc", .unexpectedEnd, 5),
      ("{\"a\":1 \"b\":2}", .unexpectedByte, 7),
      ("{a:1}", .unexpectedByte, 1),
      ("{}x", .trailingBytes, 2),
      ("nul", .unexpectedEnd, 3),
      ("True", .unexpectedByte, 0),
      ("\u{FEFF}{}", .otherEncoding, 0),
    ])
  func faults(_ text: String, _ kind: JSONFault.Kind, _ offset: Int) {
    #expect(JSONText.fault(in: bytes(text)) == JSONFault(kind, at: offset))
  }

  @Test("limits are named: bytes, depth, length of a string")
  func limits() {
    let text = bytes("[[\"abcdef\"]]")
    #expect(JSONText.fault(in: text, limits: JSONLimits(bytes: 11))?.kind == .tooLarge)
    #expect(JSONText.fault(in: text, limits: JSONLimits(bytes: 12)) == nil)
    #expect(JSONText.fault(in: text, limits: JSONLimits(bytes: 12, depth: 1))?.kind == .tooDeep)
    #expect(
      JSONText.fault(in: text, limits: JSONLimits(bytes: 12, string: 5))?.kind == .stringTooLong)
    #expect(JSONLimits.page.bytes == 16 << 20)
  }

  /// Runs `body` on a thread with the smallest stack of a Linux pool thread: 512 KiB.
  private func onSmallStack<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value? {
    let result = Mutex<Value?>(nil)
    return withExtendedLifetime(result) {
      let done = DispatchSemaphore(value: 0)
      let box = Box(result: nil as Value?)
      let thread = Thread {
        box.value.withLock { $0 = body() }
        done.signal()
      }
      thread.stackSize = 512 << 10
      thread.start()
      done.wait()
      return box.value.withLock { $0 }
    }
  }

  private final class Box<Value: Sendable>: Sendable {
    let value: Mutex<Value?>
    init(result: Value?) { value = Mutex(result) }
  }

  @Test(
    "a million open brackets are refused and a hundred thousand closed ones accepted, in 512 KiB")
  func deep() {
    let open = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
    let close = [UInt8](repeating: UInt8(ascii: "]"), count: 100_000)
    #expect(onSmallStack { JSONText.fault(in: open)?.kind } == .unexpectedEnd)
    #expect(onSmallStack { JSONText.fault(in: open.prefix(100_000) + close) == nil } == true)
    let past = Array(open + open)
    #expect(onSmallStack { JSONText.fault(in: past)?.kind } == .tooDeep)
    #expect(onSmallStack { (try? JSONValue.read(open.prefix(100_000) + close)) == nil } == true)
  }

  @Test("resources 100,000 deep are read, cut, counted, written and freed in 512 KiB")
  func deepResources() throws {
    let levels = 100_000
    let listings = try Listings()
    let head = "{\"Value\":\"v\",\"Type\":\"DEEP\",\"Resources\":["
    let deep =
      Array(repeatElement(bytes(head), count: levels).joined())
      + Array(repeatElement(bytes("]}"), count: levels).joined())
    let record = listings.replacing(
      "\"Resources\":[{\"Value\":\"o-",
      with:
        bytes("\"Resources\":[") + deep + bytes(",{\"Value\":\"o-"))
    let input = Listings.listing([listings.records[0], record, listings.records[2]])
    let sound = listings.sound
    let outcome = onSmallStack { () -> [Int]? in
      guard let read = try? SavedDocument.read(input).handshakes, read.count == 3,
        read[0] == sound[0], read[2] == sound[2]
      else { return nil }
      var resource = read[1].resources.first
      var depth = 0
      var deeper = 0
      while let one = resource {
        depth += 1
        deeper = one.deeper
        resource = one.resources.first
      }
      let isMarked = read[1].damage.map(\.fault) == [.tooDeep]
      let written = read.document(.document).count
      return [depth, deeper, isMarked ? 1 : 0, written > 0 ? 1 : 0]
    }
    #expect(outcome == [Resource.depthKept, levels - Resource.depthKept, 1, 1])
  }

  @Test("strings are read the same at every position of their quotes, escapes and high bytes")
  func strings() throws {
    var random = SeededRandom(seed: 11)
    let pieces: [(source: [UInt8], meaning: [UInt8])] = [
      (bytes("a"), bytes("a")), (bytes("bc7 "), bytes("bc7 ")), (bytes("\\n"), [0x0A]),
      (bytes("\\\""), bytes("\"")), (bytes("\\\\"), bytes("\\")), (bytes("\\/"), bytes("/")),
      (bytes("é"), bytes("é")), (bytes("日"), bytes("日")), (bytes("😀"), bytes("😀")),
      (bytes("\\u00e9"), bytes("é")), (bytes("\\uD83D\\uDE00"), bytes("😀")),
      (bytes("\\ud800"), [0xED, 0xA0, 0x80]), (bytes("\\uDFFF"), [0xED, 0xBF, 0xBF]),
      ([0xFF], [0xFF]), ([0xC3], [0xC3]), ([0x7F], [0x7F]), (bytes("\\u0000"), [0]),
    ]
    for _ in 0..<3_000 {
      var source: [UInt8] = []
      var meaning: [UInt8] = []
      for _ in 0..<Int.random(in: 0..<20, using: &random) {
        let piece = pieces[Int.random(in: 0..<pieces.count, using: &random)]
        // A high surrogate before a low one would be a pair.
        if meaning.suffix(3) == [0xED, 0xA0, 0x80], piece.meaning.first == 0xED { continue }
        source += piece.source
        meaning += piece.meaning
      }
      let value = try JSONValue.read([0x22] + source + [0x22])
      #expect(value.string?.bytes == meaning)
    }
  }

  @Test("numbers stay as they are written until used")
  func numbers() throws {
    let value = try JSONValue.read(bytes("[1e400, -0, 12345678901234567890, 7, 1482952459.257]"))
    let numbers = try #require(value.array).compactMap(\.number)
    #expect(
      numbers.map(\.text) == ["1e400", "-0", "12345678901234567890", "7", "1482952459.257"])
    #expect(numbers.map(\.int) == [nil, 0, nil, 7, nil])
    #expect(numbers[4].epochSeconds?.milliseconds == 1_482_952_459_257)
    #expect(text(value.json(.wire)) == "[1e400,-0,12345678901234567890,7,1482952459.257]")
  }

  @Test("an object with a repeated key is invalid, however the key is spelt")
  func duplicateKeys() {
    for text in ["{\"a\":1,\"a\":1}", "{\"a\":1,\"\\u0061\":2}", "[{\"b\":{\"c\":1,\"c\":2}}]"] {
      #expect {
        try JSONValue.read(bytes(text))
      } throws: { ($0 as? JSONFault)?.kind == .duplicateKey }
    }
  }
}
