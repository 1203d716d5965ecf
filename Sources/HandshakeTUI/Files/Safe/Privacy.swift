import Glibc

/// Who else may reach a file or directory that this program uses.
enum Privacy {
  /// Ours alone, mode x00: journal, drafts, logs, stores.
  case secret
  /// Ours or root's, and nobody else may write to it: what the operator writes and this program
  /// trusts (configuration, trust list). To read it does no harm.
  case unforged

  private var forbidden: mode_t {
    switch self {
    case .secret: 0o077
    case .unforged: 0o022
    }
  }

  /// Why this file or directory does not do; nil when it does.
  func objection(to status: stat, user: uid_t = geteuid()) -> FileError.Cause? {
    let isRoots = self == .unforged && status.st_uid == 0
    guard status.st_uid == user || isRoots else { return .ofAnother(status.st_uid) }
    // A sticky directory lets others add names, but not change ours.
    if self == .unforged, status.isKind(S_IFDIR), status.st_mode & S_ISVTX != 0 { return nil }
    guard status.st_mode & forbidden == 0 else { return .openToOthers(status.st_mode & 0o7777) }
    return nil
  }
}

extension stat {
  func isKind(_ kind: mode_t) -> Bool { st_mode & S_IFMT == kind }
}
