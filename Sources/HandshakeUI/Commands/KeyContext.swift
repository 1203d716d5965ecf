/// The topmost part of the screen, which receives the keys and decides what they do.
public enum KeyContext: String, Hashable, CaseIterable, Sendable {
  /// A list of handshakes: Inbox, Sent or History.
  case list
  case profiles
  case audit
  case detail
  case raw
  /// A panel that only explains something: a sender's trust, an error.
  case panel
  case menu
  case help
  case palette
  /// The review, where the operator types a phrase, an organization's id or a reason.
  case review
  case sending
  case outcome
  /// A login that is in progress.
  case login
  /// A one-time code that the operator types.
  case code

  /// The lists.
  static let lists: Set<KeyContext> = [.list, .profiles, .audit]
  /// The contexts without an open dialog.
  static let screens: Set<KeyContext> = [.list, .profiles, .audit, .detail, .raw]
  /// The contexts in which a handshake is focused or open.
  static let handshakes: Set<KeyContext> = [.list, .detail, .raw]
  /// The long texts that can be scrolled and searched.
  static let texts: Set<KeyContext> = [.detail, .raw]
}

extension KeyContext {
  /// The name in messages, such as `a list` in `C: not used here. review and send: in a list`.
  public var title: String {
    switch self {
    case .list: "a list"
    case .profiles: "Profiles"
    case .audit: "Audit"
    case .detail: "a handshake"
    case .raw: "raw JSON"
    case .panel: "a panel"
    case .menu: "a menu"
    case .help: "help"
    case .palette: "commands"
    case .review: "the review"
    case .sending: "sending"
    case .outcome: "the outcome"
    case .login: "a login"
    case .code: "a one-time code"
    }
  }
}
