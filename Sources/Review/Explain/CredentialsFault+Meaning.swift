import Model
import Text

extension CredentialsFault {
  /// Names the profile and the command that mends it.
  func meaning(in charset: Charset) -> Meaning {
    let name = profile.map { Sanitiser.render($0, for: .dialog, in: charset) }
    let option = name.map { " --profile \($0)" } ?? ""
    return Meaning(why(name.map { " of profile \($0)" } ?? ""), remedy(option))
  }

  private func why(_ whose: String) -> String {
    switch problem {
    case .missing: "No credentials\(whose) were found (\(source.words))."
    case .misconfigured: "The settings\(whose) do not make sense (\(source.words))."
    case .expired: "The login\(whose) has expired (\(source.words))."
    case .refused: "The credentials\(whose) were refused (\(source.words))."
    case .unreachable: "The credentials\(whose) could not be fetched (\(source.words))."
    case .unreadable:
      "The credentials\(whose) came in a form that cannot be read (\(source.words))."
    case .codeNotGiven: "The one-time code\(whose) was not given."
    }
  }

  private func remedy(_ option: String) -> String {
    switch (source, problem) {
    case (.sso, .missing), (.sso, .expired), (.sso, .refused): "Run: aws sso login\(option)"
    case (.login, .missing), (.login, .expired), (.login, .refused): "Run: aws login\(option)"
    case (_, .codeNotGiven): "Try again with the code of the device at hand."
    case (_, .misconfigured): "Mend it in the file that is named, and try again."
    case (.chain, _): "Run: aws configure sso, or name a profile with --profile."
    case (_, .unreachable): "Check the network and the proxy, and try again."
    default: "Check with: aws sts get-caller-identity\(option)"
    }
  }
}

extension CredentialsFault.Source {
  fileprivate var words: String {
    switch self {
    case .environment: "the environment"
    case .profile: "keys in the files"
    case .assumeRole: "assume role"
    case .webIdentity: "web identity"
    case .sso: "IAM Identity Center"
    case .login: "aws login"
    case .process: "credential_process"
    case .container: "the container"
    case .instanceMetadata: "the instance"
    case .chain: "nothing is configured"
    }
  }
}
