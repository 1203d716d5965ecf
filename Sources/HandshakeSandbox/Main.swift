import ArgumentParser
import CLinux
import Glibc

@main enum Main {
  static func main() {
    // Before any thread is made: each inherits what is blocked.
    Signals.block()
    umask(0o077)
    cl_forbid_dumps()
    exit(run())
  }

  private static func run() -> Int32 {
    do {
      var command = try SandboxCommand.parseAsRoot()
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
