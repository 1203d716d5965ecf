import HandshakeUI
import Model
import Text

/// The key decoder: however a terminal's bytes are cut into reads, they are the same keys; there are
/// never more of them than bytes; and no text of a paste presses one.
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
  checkWithTime(reads, by: mixed(text))
  return 0
}

/// As xterm's entry in terminfo has them.
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

private func cut(_ text: [UInt8], by seed: UInt64) -> [[UInt8]] {
  var reads: [[UInt8]] = []
  var rest = text[...]
  var state = seed
  while !rest.isEmpty {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    let length = Int(state >> 60) + 1
    reads.append(Array(rest.prefix(length)))
    rest = rest.dropFirst(length)
  }
  return reads
}

/// All reads at one time, and then as long a wait as anything that is open may take.
private func keys(of reads: [[UInt8]]) -> [TerminalInput] {
  var decoder = decoder()
  var inputs = reads.flatMap { decoder.feed($0, at: .zero) }
  if let deadline = decoder.deadline {
    promise(decoder.settle(at: deadline - Span(milliseconds: 1)).isEmpty, "settled too early")
    let last = decoder.settle(at: deadline)
    promise(last.count == 1, "\(last.count) inputs of what is open")
    inputs += last
  }
  promise(decoder.deadline == nil, "something stays open")
  promise(decoder.settle(at: .days(1)).isEmpty, "something comes of nothing")
  return inputs
}

private func checkSigns(_ inputs: [TerminalInput]) {
  for input in inputs {
    guard case .key(.character(let scalar)) = input else { continue }
    let isControl = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
    promise(!isControl, "U+\(String(scalar.value, radix: 16)) is typed as a character")
  }
}

/// What stands between the brackets comes out as one text, whatever it is and however it is read.
private func checkPaste(of text: [UInt8], by seed: UInt64) {
  let end = KeySequences.pasteEnd
  let holdsEnd =
    text.count >= end.count
    && (0...text.count - end.count).contains { text[$0...].starts(with: end) }
  guard !holdsEnd, text.count <= InputDecoder.pasteLimit else { return }
  var inputs = keys(of: cut(KeySequences.pasteBegin + text + end, by: seed))
  inputs.removeAll { $0 == .key(.unknown) }
  promise(inputs == [.pasted(Untrusted(bytes: text))], "a paste presses keys")
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
    promise(count <= length, "\(count) inputs of \(length) bytes")
    if seed >> UInt64(index % 64) & 0x1F == 0x1F {
      decoder.reset()
      promise(decoder.deadline == nil, "a reset leaves something open")
    }
  }
}
