import Model
import Text

extension CredentialsFault {
  /// Names the profile, what the source said, and the command that repairs it.
  func meaning(in charset: Charset) -> Meaning {
    let name = profile.map { Sanitiser.render($0, for: .dialog, in: charset) }
    let option = name.map { " --profile \(Self.word($0))" } ?? ""
    let said = Sanitiser.render(detail, for: .dialog, in: charset)
    let place = source == .chain ? "" : " (\(source.words))"
    let end = said.isEmpty ? "." : ": \(said)" + (said.hasSuffix(".") ? "" : ".")
    return Meaning(problem.words(name.map { " profile \($0)" }) + place + end, remedy(option))
  }

  /// As a shell reads it back.
  private static func word(_ name: String) -> String {
    let isPlain = name.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        || "-_./:@%+,=".utf8.contains($0)
    }
    return isPlain && !name.isEmpty ? name : "'\(name.replacing("'", with: "'\\''"))'"
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
    case (_, .codeNotGiven): "Try again and enter the code of the device."
    case (_, .misconfigured): "Fix it in that file, and try again."
    case (.chain, _): "Run: aws configure sso, or name a profile with --profile."
    case (_, .unreachable): "Check the network and the proxy, and try again."
    default: "Check with: aws sts get-caller-identity\(option)"
    }
  }
}

extension CredentialsFault.Problem {
  /// - Parameter whose: The profile, with a blank in front; nil where no profile is involved.
  fileprivate func words(_ whose: String?) -> String {
    let (of, with) = (whose.map { " of" + $0 } ?? "", whose.map { " for" + $0 } ?? "")
    return switch self {
    case .missing: "No credentials\(with)"
    case .misconfigured: "Invalid credential settings\(of)"
    case .expired: "The login\(of) has expired"
    case .refused: "The credentials\(of) were refused"
    case .unreachable: "The credentials\(of) could not be fetched"
    case .throttled: "Too many requests: the credentials\(of) could not be fetched"
    case .certificates: "The credentials\(of) could not be fetched: untrusted TLS certificate"
    case .unreadable: "The credentials\(of) cannot be read"
    case .codeNotGiven: "No one-time code was entered\(with)"
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
        "Correct its path there, or remove the setting to use the system's certificates.")
    case .server:
      Meaning("The server's certificate is not trusted.", Self.remedy)
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
