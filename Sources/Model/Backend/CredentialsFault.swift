import Text

/// Why there was nothing to sign a request with: data only; `Explanation` has the words and the
/// remedy. Holds no secret.
public struct CredentialsFault: Error, Hashable, Sendable {
  /// The profile that was meant; nil where no profile is involved.
  public var profile: Untrusted?
  public var source: Source
  public var problem: Problem
  /// What the source itself said, or the setting and file at fault.
  public var detail: Untrusted

  public init(
    _ problem: Problem, from source: Source, profile: Untrusted? = nil, detail: Untrusted
  ) {
    self.problem = problem
    self.source = source
    self.profile = profile
    self.detail = detail
  }

  /// Where credentials come from, in the AWS CLI's words.
  public enum Source: String, Hashable, CaseIterable, Sendable {
    case environment
    case profile
    case assumeRole
    case webIdentity
    case sso
    /// `aws login`
    case login
    case process
    case container
    case instanceMetadata
    /// The whole chain was asked and nothing is configured.
    case chain
  }

  public enum Problem: String, Hashable, CaseIterable, Sendable {
    /// Not configured, or the file it names is not there.
    case missing
    /// One of two parts that only work together; contradicting or unknown settings.
    case misconfigured
    /// A login or token that has run out: log in again.
    case expired
    /// The source said no.
    case refused
    /// The source did not answer.
    case unreachable
    /// The source asks for fewer requests.
    case throttled
    /// The server's certificate is not trusted, or the file of trusted ones cannot be read.
    case certificates
    /// The source's answer is not what it should be.
    case unreadable
    /// A one-time code was asked for and not given.
    case codeNotGiven
  }
}

/// A setting that makes requests impossible: a contradiction, an unreadable file, a bad value.
public struct SettingsFault: Error, Hashable, Sendable {
  /// As it is written where it stands: `AWS_MAX_ATTEMPTS`, `ca_bundle`, `services`.
  public var setting: Untrusted
  /// Where it stands: a variable, or a file with its line.
  public var origin: Untrusted
  public var detail: Untrusted

  public init(_ setting: Untrusted, origin: Untrusted, detail: Untrusted) {
    self.setting = setting
    self.origin = origin
    self.detail = detail
  }
}
