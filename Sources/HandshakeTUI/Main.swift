import Foundation
import Glibc
import Machine

@main enum Main {
  static func main() {
    ProcessStart.prepare()
    if let complaint = AddressSpace.complaint() {
      _ = complaint.withCString { write(STDERR_FILENO, $0, strlen($0)) }
      exit(Status.failed.number)
    }
    let environment = ProcessInfo.processInfo.environment
    let surroundings = Surroundings(
      environment: environment, console: SystemConsole(environment: environment),
      time: SystemTime(), random: SystemRandom())
    exit(Program(surroundings: surroundings).run(arguments))
  }

  /// As they were given: `CommandLine.arguments` puts U+FFFD in the place of what is not UTF-8.
  private static var arguments: [[UInt8]] {
    (0..<Int(CommandLine.argc)).dropFirst().compactMap { place in
      CommandLine.unsafeArgv[place].map { start in
        UnsafeRawBufferPointer(start: start, count: strlen(start)).map { $0 }
      }
    }
  }
}
