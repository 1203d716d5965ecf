import Drawing
import Model
import Text

/// The key decoder: however a terminal's bytes are split into reads, the keys are the same; there
/// are never more keys than bytes; and neither pasted text nor a torn control string presses a key.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzKeys(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = bytes(start, count)
  guard let first = input.first else { return 0 }
  let text = Array(input.dropFirst())
  let reads = cut(text, by: mixed(text) &+ UInt64(first))
  let whole = keys(of: [text])
  promise(keys(of: reads) == whole, "cut into \(reads.count) reads, they are other keys")
  promise(whole.count <= text.count, "\(whole.count) inputs of \(text.count) bytes")
  checkSigns(whole)
  checkPaste(of: text, by: mixed(text))
  checkTornString(of: text, by: mixed(text))
  checkWithTime(reads, by: mixed(text))
  return 0
}

/// Keys as xterm's entry in terminfo has them.
private let sequences = KeySequences([
  Array("\u{1B}OA".utf8): .up, Array("\u{1B}OB".utf8): .down, Array("\u{1B}OC".utf8): .right,
  Array("\u{1B}OD".utf8): .left, Array("\u{1B}OH".utf8): .home, Array("\u{1B}OF".utf8): .end,
  Array("\u{1B}[3~".utf8): .delete, Array("\u{1B}[5~".utf8): .pageUp,
  Array("\u{1B}OP".utf8): .function(1), Array("\u{1B}[15~".utf8): .function(5),
])
private let delay = Span(milliseconds: 50)

private func decoder() -> InputDecoder {
  InputDecoder(sequences: sequences, escapeDelay: delay)
}

/// ^C alone is a key in a paste too, so no read consists of it.
private func cut(_ text: [UInt8], by seed: UInt64) -> [[UInt8]] {
  var reads: [[UInt8]] = []
  var rest = text[...]
  var state = seed
  while !rest.isEmpty {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let length = Int(state >> 60) + 1
    let read = Array(rest.prefix(length))
    rest = rest.dropFirst(length)
    if read == [0x03] || reads.last == [0x03] {
      reads[max(0, reads.count - 1)...] = [(reads.last ?? []) + read]
    } else {
      reads.append(read)
    }
  }
  return reads
}

/// Returns the inputs of reads that all arrive at one time and are then left to time out.
///
/// Every time-out of an unfinished input is awaited. `.stray`, for bytes that are not a key or not
/// yet one, is left out: it depends on the reads.
private func keys(of reads: [[UInt8]]) -> [TerminalInput] {
  var decoder = decoder()
  var inputs = reads.flatMap { decoder.feed($0, at: .zero) }
  // A paste is ended first, and is complete after another time-out.
  for _ in 0..<2 {
    guard let deadline = decoder.deadline else { break }
    promise(decoder.settle(at: deadline - Span(milliseconds: 1)).isEmpty, "settled too early")
    let last = decoder.settle(at: deadline)
    promise(last.count <= 1, "\(last.count) inputs of what is open")
    inputs += last
  }
  promise(decoder.deadline == nil, "time decides without an end")
  promise(decoder.settle(at: .days(1)).isEmpty, "something comes of nothing")
  return inputs.filter { $0 != .stray }
}

private func checkSigns(_ inputs: [TerminalInput]) {
  for input in inputs {
    guard case .key(.character(let scalar)) = input else { continue }
    let isControl = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
    promise(!isControl, "U+\(String(scalar.value, radix: 16)) is typed as a character")
  }
}

/// The text between the brackets is returned as one text, whatever it is and however it is read.
private func checkPaste(of text: [UInt8], by seed: UInt64) {
  let end = Array("\u{1B}[201~".utf8)
  let holdsEnd =
    text.count >= end.count
    && (0...text.count - end.count).contains { text[$0...].starts(with: end) }
  guard !holdsEnd, text.count <= PasteCollector.limit else { return }
  let inputs = keys(of: cut(Array("\u{1B}[200~".utf8) + text + end, by: seed))
  promise(inputs == [.pasteBegan, .pasted(Untrusted(bytes: text))], "a paste presses keys")
}

/// An answer of the terminal with any text without controls, and pauses at any position.
private func checkTornString(of text: [UInt8], by seed: UInt64) {
  let body = text.filter { (0x20..<0x7F).contains($0) }
  let introducers: [UInt8] = [0x5D, 0x50, 0x5F, 0x5E, 0x58]
  let introducer = introducers[Int(seed % UInt64(introducers.count))]
  var decoder = decoder()
  var now = Span.zero
  for read in cut([0x1B, introducer] + body + [0x1B, 0x5C], by: seed) {
    let inputs = decoder.feed(read, at: now) + decoder.settle(at: now + delay)
    now = now + delay + delay
    promise(inputs.allSatisfy { $0 == .stray || $0 == .key(.escape) }, "a string presses keys")
  }
  promise(
    decoder.feed([0x71], at: now) == [.key(.character("q"))], "a string leaves something open")
}

/// With waits between the reads.
private func checkWithTime(_ reads: [[UInt8]], by seed: UInt64) {
  var decoder = decoder()
  var now = Span.zero
  var count = 0
  var length = 0
  for (index, read) in reads.enumerated() {
    let inputs = decoder.feed(read, at: now)
    checkSigns(inputs)
    count += inputs.count
    length += read.count
    if seed >> UInt64(index % 64) & 1 == 0 { now = now + delay + delay }
    count += decoder.settle(at: now).count
    // Each read may end with one more input that says that something is unfinished.
    promise(count <= length + index + 1, "\(count) inputs of \(length) bytes")
    if seed >> UInt64(index % 64) & 0x1F == 0x1F { decoder.discard(read, at: now) }
  }
}
