import Glibc

/// Ends the run when an assertion fails; libFuzzer keeps the input.
func promise(_ holds: Bool, _ words: @autoclosure () -> String) {
  if holds { return }
  let line = Array("BROKEN PROMISE: \(words())\n".utf8)
  _ = write(STDERR_FILENO, line, line.count)
  abort()
}

/// A copy of the input, so that the sanitizer detects a read past its end.
func bytes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
  Array(UnsafeBufferPointer(start: start, count: count))
}

/// A number that depends on the whole input: deterministic, yet different between inputs.
func mixed(_ bytes: [UInt8]) -> UInt64 {
  bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}
