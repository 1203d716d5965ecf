import Glibc
import Model

/// A stream that is read to its end: standard input, or a file that the operator named.
struct OpenInput {
  let descriptor: Int32

  static let standard = OpenInput(descriptor: 0)

  func readAll() throws(CommandFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw CommandFailure(.failed, "the input could not be read", why: SystemError(errno).words)
      }
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
  }
}
