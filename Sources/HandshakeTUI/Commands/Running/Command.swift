import ArgumentParser

/// A command of this program: its options, and what it does with the settings made of them.
protocol Command: ParsableCommand {
  static var signals: SignalManner { get }
  var root: HandshakeCommand { get }
  var everywhere: Everywhere { get }

  /// What is wrong with how it was called, beyond what the parser sees.
  func check() throws(CommandFailure)

  func perform(_ run: Invocation) throws(CommandFailure) -> Status
}

extension Command {
  static var signals: SignalManner { .plain }

  func check() throws(CommandFailure) {}

  /// The shared options, from before and after the command word.
  var shared: Everywhere { everywhere.over(root.everywhere) }
}
