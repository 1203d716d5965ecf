import Model
import Text

extension CredentialsFault {
  /// Names the profile and the command that mends it.
  func meaning(in charset: Charset) -> Meaning {
    let name = profile.map { Sanitiser.render($0, for: .dialog, in: charset) }
    let option = name.map { " --profile \(Self.word($0))" } ?? ""
    return Meaning(why(name.map { " of profile \($0)" } ?? ""), remedy(option))
  }

  /// As a shell reads it back.
  private static func word(_ name: String) -> String {
    let isPlain = name.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        || "-_./:@%+,=".utf8.contains($0)
    }
    return isPlain && !name.isEmpty ? name : "'\(name.replacing("'", with: "'\\''"))'"
  }

  private func why(_ whose: String) -> String {
    switch problem {
    case .missing: "No credentials\(whose) were found (\(source.words))."
    case .misconfigured: "The settings\(whose) do not make sense (\(source.words))."
    case .expired: "The login\(whose) has expired (\(source.words))."
    case .refused: "The credentials\(whose) were refused (\(source.words))."
    case .unreachable: "The credentials\(whose) could not be fetched (\(source.words))."
    case .throttled:
      "Too many requests: the credentials\(whose) could not be fetched for now (\(source.words))."
    case .certificates:
      "The credentials\(whose) could not be fetched: TLS found no trusted certificate"
        + " (\(source.words))."
    case .unreadable:
      "The credentials\(whose) came in a form that cannot be read (\(source.words))."
    case .codeNotGiven: "The one-time code\(whose) was not given."
    }
  }

  private func remedy(_ option: String) -> String {
    switch (source, problem) {
    case (.instanceMetadata, .refused):
      "Check the instance's metadata options: aws ec2 describe-instances --query"
        + " 'Reservations[].Instances[].MetadataOptions'"
    case (_, .throttled): "Wait a minute, and try again."
    case (_, .certificates): CertificateProblem.remedy
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

extension CertificateProblem {
  var meaning: Meaning {
    switch self {
    case .bundle:
      Meaning(
        "The file of trusted certificates cannot be read (AWS_CA_BUNDLE, REQUESTS_CA_BUNDLE or"
          + " ca_bundle).",
        "Correct its path there, or take the setting out to use the system's certificates.")
    case .server:
      Meaning("The server's certificate is not one that is trusted here.", Self.remedy)
    }
  }

  /// Where it is not known which of the two it is.
  static let remedy =
    "If a proxy here inspects TLS, name a file (PEM) with its certificates in AWS_CA_BUNDLE; else check"
    + " the endpoint's address, and the date of this machine."
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
