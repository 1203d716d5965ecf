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
    exit(Program(surroundings: surroundings).run(Array(CommandLine.arguments.dropFirst())))
  }
}
