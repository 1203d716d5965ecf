import CNcurses

/// Puts the terminal back from wherever the program is ended.
enum TerminalGuard {
  /// Writes what undoes the screens, and the modes as they were found; does nothing when they are not
  /// up. May be called from any thread, and never waits.
  static func restore() { cn_guard_restore() }
}
