/// Where keys go: what is on top of the screen.
public enum Place: String, Hashable, CaseIterable, Sendable {
  /// A list of handshakes: Inbox, Sent, History.
  case list
  case profiles
  case audit
  case detail
  case raw
  /// A panel that only tells something: why this trust, an error.
  case panel
  case menu
  case help
  case palette
  /// Letters are typed there: of the phrase that confirms, of an organization, of a reason.
  case review
  case sending
  case outcome
  /// A login that is waited for.
  case login
  /// A one-time code is being typed.
  case code

  /// The lists.
  static let lists: Set<Place> = [.list, .profiles, .audit]
  /// Where the operator looks around, and no dialog is open.
  static let screens: Set<Place> = [.list, .profiles, .audit, .detail, .raw]
  /// Where a handshake is in front of the operator.
  static let handshakes: Set<Place> = [.list, .detail, .raw]
  /// Long texts that are scrolled and searched.
  static let texts: Set<Place> = [.detail, .raw]
}

extension Place {
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
