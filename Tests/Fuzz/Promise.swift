import Glibc

/// Ends the run when a promise is broken; libFuzzer keeps the input that did it.
func promise(_ holds: Bool, _ words: @autoclosure () -> String) {
  if holds { return }
  let line = Array("BROKEN PROMISE: \(words())\n".utf8)
  _ = write(STDERR_FILENO, line, line.count)
  abort()
}

/// The input as bytes of our own, so that the sanitizer sees a read past their end.
func bytes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
  Array(UnsafeBufferPointer(start: start, count: count))
}

/// A number that depends on all of an input: replays, yet is spread over the runs.
func mixed(_ bytes: [UInt8]) -> UInt64 {
  bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}
