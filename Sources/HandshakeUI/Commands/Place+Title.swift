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
