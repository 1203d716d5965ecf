import Review

/// The five lists, in the order of their keys 1 to 5.
public enum Tab: Int, Hashable, CaseIterable, Sendable {
  case inbox = 1
  case sent
  case history
  case profiles
  case audit

  public var title: String {
    switch self {
    case .inbox: "Inbox"
    case .sent: "Sent"
    case .history: "History"
    case .profiles: "Profiles"
    case .audit: "Audit"
    }
  }

  /// The handshakes of this list; nil for a list of something else.
  public var selection: RowSelection? {
    switch self {
    case .inbox: .inbox
    case .sent: .sent
    case .history: .history
    case .profiles, .audit: nil
    }
  }
}
