/// What a command does about the signals that end programs. They are blocked when it starts.
enum SignalManner: Sendable {
  /// As the system has it: the process ends at once.
  case plain
  /// As the system has it until something is sent; then what is in flight is finished and written down
  /// first.
  case watched
  /// The screens' own loop reads them.
  case screens
}
