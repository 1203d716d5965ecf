import Model
import ReviewAnswering
import ReviewInbox
import ReviewJournal
import Text

extension ServiceException {
  /// Whether the reason of this exception is more specific than its name.
  var reasonDecides: Bool {
    switch self {
    case .accessDeniedForDependency, .constraintViolation, .handshakeConstraintViolation,
      .invalidInput, .unknown:
      true
    case .accessDenied, .awsOrganizationsNotInUse, .accountNotFound, .accountOwnerNotVerified,
      .alreadyInOrganization, .concurrentModification, .createAccountStatusNotFound,
      .duplicateHandshake, .finalizingOrganization,
      .handshakeAlreadyInState, .handshakeNotFound, .invalidHandshakeTransition,
      .masterCannotLeaveOrganization, .responsibilityTransferNotFound,
      .responsibilityTransferAlreadyInStatus, .invalidResponsibilityTransferTransition, .service,
      .tooManyRequests, .unsupportedAPIEndpoint, .unrecognizedClient, .expiredToken,
      .invalidSignature, .missingAuthenticationToken, .serialization, .unknownOperation,
      .optInRequired:
      false
    }
  }

  /// The cause and remedy of the exception, without its reason.
  var meaning: Meaning {
    switch self {
    case .accessDenied: .accessDenied
    case .accessDeniedForDependency: .accessDeniedForDependency
    case .awsOrganizationsNotInUse: .awsOrganizationsNotInUse
    case .accountNotFound: .accountNotFound
    case .accountOwnerNotVerified: .accountOwnerNotVerified
    case .alreadyInOrganization: .alreadyInOrganization
    case .concurrentModification: .concurrentModification
    case .constraintViolation: .constraintViolation
    case .createAccountStatusNotFound: .createAccountStatusNotFound
    case .duplicateHandshake: .duplicateHandshake
    case .finalizingOrganization: .finalizingOrganization
    case .handshakeAlreadyInState: .handshakeAlreadyInState
    case .handshakeConstraintViolation: .handshakeConstraintViolation
    case .handshakeNotFound: .handshakeNotFound
    case .invalidHandshakeTransition: .invalidHandshakeTransition
    case .invalidInput: .invalidInput
    case .masterCannotLeaveOrganization: .masterCannotLeaveOrganization
    case .responsibilityTransferNotFound: .responsibilityTransferNotFound
    case .responsibilityTransferAlreadyInStatus: .responsibilityTransferAlreadyInStatus
    case .invalidResponsibilityTransferTransition: .invalidResponsibilityTransferTransition
    case .service: .service
    case .tooManyRequests: .tooManyRequests
    case .unsupportedAPIEndpoint: .unsupportedAPIEndpoint
    case .unrecognizedClient: .unrecognizedClient
    case .expiredToken: .expiredToken
    case .invalidSignature: .invalidSignature(nil)
    case .missingAuthenticationToken: .missingAuthenticationToken
    case .serialization: .serialization
    case .unknownOperation: .unknownOperation
    case .optInRequired: .optInRequired
    case .unknown: .unknownException
    }
  }
}

extension Meaning {
  fileprivate static let accessDenied = Meaning(
    "The caller may not do this: its own permissions, a policy of its organization, or the wrong"
      + " side of the handshake.",
    "Check which account is acting and its permission for this action. Inside an organization,"
      + " accepting also needs organizations:LeaveOrganization, which a service control policy"
      + " often denies.")
  fileprivate static let accessDeniedForDependency = Meaning(
    "Accepting has to create the role AWSServiceRoleForOrganizations, and the caller may not.",
    "Grant iam:CreateServiceLinkedRole for organizations.amazonaws.com, then accept again.")
  fileprivate static let awsOrganizationsNotInUse = Meaning(
    "The calling account is not in an organization.",
    "List what it received instead, or act as a member account.")
  fileprivate static let accountNotFound = Meaning(
    "There is no such account, or the caller is in no organization.", "Check the account id.")
  fileprivate static let accountOwnerNotVerified = Meaning(
    "The e-mail address of the management account has not been verified.",
    "Ask for a new verification mail and follow its link, which works for 24 hours.")
  fileprivate static let alreadyInOrganization = Meaning(
    "The account is already in an organization, and can be in only one.",
    "Leave that organization first, or use it.")
  fileprivate static let concurrentModification = Meaning(
    "Another change to the same object is in progress.",
    "Refresh, check its state, then try again.")
  fileprivate static let constraintViolation = Meaning(
    "A limit of the service prevents it.",
    "See the Reason; without one, ask AWS Support with the request id.")
  fileprivate static let createAccountStatusNotFound = Meaning(
    "There is no such request to create an account.", "Check the request's id (`car-…`).")
  fileprivate static let duplicateHandshake = Meaning(
    "A pending handshake with this action and target already exists.",
    "Find it with `handshake list --sent` and use it, or cancel it and send again.")
  fileprivate static let finalizingOrganization = Meaning(
    "The new organization is still being set up.",
    "Wait up to an hour; after that, ask AWS Support.")
  fileprivate static let handshakeAlreadyInState = Meaning(
    "It is already in the requested state: by an earlier attempt, or by someone else.",
    "Nothing to do. Refresh; the journal shows it if it was sent from here.")
  fileprivate static let handshakeConstraintViolation = Meaning(
    "A rule about joining or leaving organizations prevents it.",
    "See the Reason; without one, ask AWS Support with the request id.")
  fileprivate static let handshakeNotFound = Meaning(
    "There is no such handshake for this account: the id is wrong, it is another account's, or it"
      + " ended more than 30 days ago.",
    "Check the id and the account. If it is gone, a new invitation is needed.")
  fileprivate static let invalidHandshakeTransition = Meaning(
    "It has already been accepted, declined or canceled, or it has expired.",
    "Refresh to see its state. If it is still wanted, a new invitation is needed.")
  fileprivate static let invalidInput = Meaning(
    "The service rejected a value.",
    "Correct the value; the Reason names the rule.")
  fileprivate static let masterCannotLeaveOrganization = Meaning(
    "The account is the management account of an organization, and cannot leave it.",
    "Remove its members and delete that organization, then accept.")
  fileprivate static let responsibilityTransferNotFound = Meaning(
    "There is no such billing transfer.", "Check its id and its direction.")
  fileprivate static let responsibilityTransferAlreadyInStatus = Meaning(
    "The billing transfer is already in that status.", "Nothing to do. Refresh.")
  fileprivate static let invalidResponsibilityTransferTransition = Meaning(
    "The billing transfer cannot change to that status from its current one.",
    "Refresh to see its status.")
  fileprivate static let service = Meaning(
    "Internal error of the service.",
    "Try again later. Before you repeat an answer, read the handshake: it may have been applied.")
  fileprivate static let tooManyRequests = Meaning(
    "Too many requests: AWS throttled this one.",
    "Wait some seconds and try again, with fewer requests at once.")
  fileprivate static let unsupportedAPIEndpoint = Meaning(
    "This region or partition does not offer the operation.",
    "Billing transfers exist in AWS's commercial regions only.")
  fileprivate static let unrecognizedClient = Meaning(
    "The service does not know these credentials.",
    "Check that they are active, complete, and of this partition.")
  fileprivate static let expiredToken = Meaning(
    "The session has expired.", "Sign in again, then refresh.")
  /// Returns the cause and remedy of an invalid signature.
  ///
  /// `clock` is what the reply's date says about the clock that the request was signed with; nil
  /// when nothing is known.
  static func invalidSignature(_ clock: ClockEvidence?) -> Meaning {
    switch clock {
    case .right:
      Meaning(
        "The request's signature does not hold, and the clock is right: the secret key is not the one"
          + " of this key id, or the session token is not.",
        "Check the secret key and the session token, or make new keys.")
    case .ahead(let span):
      Meaning(
        "The request's signature does not hold: this machine's clock is \(span.inMinutes) min"
          + " \(span > .zero ? "behind" : "ahead of") the service's.",
        "Set the clock, and try again.")
    case nil:
      Meaning(
        "The request's signature does not hold: the clock is wrong, or the secret key.",
        "Check the clock and the secret key.")
    }
  }
  fileprivate static let missingAuthenticationToken = Meaning(
    "The request had no credentials.", "Configure credentials or sign in.")
  fileprivate static let serialization = Meaning(
    "The service could not read the request.", "Report it with the request id: this is a bug.")
  fileprivate static let unknownOperation = Meaning(
    "The service at this address does not know the operation.",
    "Check the endpoint that is configured.")
  fileprivate static let optInRequired = Meaning(
    "The account is not signed up for this service, or its region is not enabled.",
    "Enable it for the account, then try again.")
  fileprivate static let unknownException = Meaning(
    "This program does not know this error.",
    "Read the service's message, and refresh before you try again.")
}

extension Span {
  /// The number of whole minutes, without a sign.
  fileprivate var inMinutes: UInt64 { milliseconds.magnitude / 60_000 }
}

extension CredentialsFault {
  /// Returns the cause with the profile and the message of the source, and the command that repairs
  /// it.
  func meaning(in charset: Charset) -> Meaning {
    let name = profile.map { Sanitiser.render($0, for: .dialog, in: charset) }
    let option = name.map { " --profile \(Self.word($0))" } ?? ""
    let said = Sanitiser.render(detail, for: .dialog, in: charset)
    let place = source == .chain ? "" : " (\(source.words))"
    let end = said.isEmpty ? "." : ": \(said)" + (said.hasSuffix(".") ? "" : ".")
    return Meaning(problem.words(name.map { " profile \($0)" }) + place + end, remedy(option))
  }

  /// Returns a profile name quoted for a POSIX shell where it needs quotes.
  private static func word(_ name: String) -> String {
    let isPlain = name.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        || "-_./:@%+,=".utf8.contains($0)
    }
    return isPlain && !name.isEmpty ? name : "'\(name.replacing("'", with: "'\\''"))'"
  }

  /// Returns the remedy; `option` is the `--profile` option with a blank in front, or empty.
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
  /// Returns the problem in words.
  ///
  /// `whose` is the profile with a blank in front; nil where no profile is involved.
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
  /// The cause and remedy of the certificate problem.
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

  /// The remedy for a certificate that is not trusted: whether a proxy, the address or the date is
  /// the cause is unknown.
  static let remedy =
    "If a proxy here inspects TLS, name a file (PEM) with its certificates in AWS_CA_BUNDLE; else check"
    + " the endpoint's address, and the date of this machine."
}

extension CredentialsFault.Source {
  /// The source of the credentials in a few words.
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
