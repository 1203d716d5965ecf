import ArgumentParser
import CLinux
import Glibc
import Machine

@main enum Main {
  static func main() {
    // Before any thread is made: each inherits what is blocked.
    Signals.block()
    umask(0o077)
    cl_forbid_dumps()
    exit(run())
  }

  private static func run() -> Int32 {
    guard ThreadFiles.areThere else {
      Output.error("handshake-sandbox" + ThreadFiles.complaint)
      return 2
    }
    guard let arguments = ProgramArguments.read() else {
      Output.error("handshake-sandbox" + ProgramArguments.complaint)
      return 2
    }
    var texts: [String] = []
    for (index, bytes) in arguments.enumerated() {
      guard let text = String(validating: bytes, as: UTF8.self) else {
        Output.error("handshake-sandbox: argument \(index + 1) is not UTF-8")
        return 2
      }
      texts.append(text)
    }
    return run(texts)
  }

  private static func run(_ arguments: [String]) -> Int32 {
    do {
      var command = try SandboxCommand.parseAsRoot(arguments)
      try command.run()
      return 0
    } catch let failure as CommandFailure {
      Output.error("handshake-sandbox: \(failure.words)")
      return 1
    } catch {
      let message = SandboxCommand.fullMessage(for: error)
      let isAsked = SandboxCommand.exitCode(for: error).isSuccess
      if isAsked { Output.line(message) } else { Output.error(Output.printable(message)) }
      return isAsked ? 0 : 2
    }
  }
}
