import Foundation
import Glibc
import Platform

@main enum Main {
  static func main() {
    ProcessStart.prepare()
    if let complaint = AddressSpace.complaint() { refuse(complaint, .failed) }
    guard ThreadFiles.areThere else { refuse("handshake" + ThreadFiles.complaint, .usage) }
    guard let arguments = ProgramArguments.read() else {
      refuse("handshake" + ProgramArguments.complaint, .usage)
    }
    let environment = ProcessInfo.processInfo.environment
    ProcessStart.assumeScreenSize()
    let dependencies = Dependencies(
      environment: environment, console: SystemConsole(environment: environment),
      time: SystemTime(), random: SystemRandom())
    exit(Program(dependencies: dependencies).run(arguments))
  }

  /// Prints a message and ends the program before it has done anything.
  private static func refuse(_ complaint: String, _ status: Status) -> Never {
    _ = complaint.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    exit(status.number)
  }
}
