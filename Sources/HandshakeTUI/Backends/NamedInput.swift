import Glibc

/// A file that the operator names to be read. It may be anything that can be read, a pipe of the
/// shell's too.
enum NamedInput {
  static func read(_ path: String, _ ink: Ink) throws(CommandFailure) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw FileError(path: path, doing: .read, cause: .system(errno)).failure(ink)
    }
    defer { close(descriptor) }
    do throws(CommandFailure) {
      return try OpenInput(descriptor: descriptor).readAll()
    } catch {
      throw CommandFailure(
        .failed, "\(ink.full(path)) cannot be read", why: error.why,
        remedy: "Name a document saved from the AWS CLI.")
    }
  }
}
