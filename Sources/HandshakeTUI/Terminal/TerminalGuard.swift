import CNcurses

/// Puts the terminal back from wherever the program is ended.
enum TerminalGuard {
  /// Writes what undoes the screens, and the modes as they were found; does nothing when they are not
  /// up. May be called from any thread, and waits for a fifth of a second at most.
  static func restore() { cn_guard_restore() }
}
