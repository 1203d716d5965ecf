import Text

/// The User-Agent header of every request: program and version, system, and the features used.
///
/// Features are written with the letters that AWS's own SDKs share. The header says nothing about
/// the operator, the profile or the account, except for `appID`.
public struct UserAgent: Hashable, Sendable {
  /// The program's version.
  public var version: String
  /// The operator's application id (`sdk_ua_app_id`).
  public var appID: String?
  /// The features that the request uses.
  public var features: Set<Feature>

  /// Creates a header value; without features it has no `m/` part.
  public init(version: String, appID: String? = nil, features: Set<Feature> = []) {
    self.version = version
    self.appID = appID
    self.features = features
  }

  /// The header's value: `handshake/1.0 ua/2.1 os/linux md/arch#x86_64 lang/swift#6.3 m/E,n`.
  public var text: String {
    var parts = [
      "handshake/" + Self.token(Untrusted(version)), "ua/2.1", "os/" + Self.system,
      "md/arch#" + Self.architecture, "lang/swift#6.3",
    ]
    if !features.isEmpty {
      parts.append("m/" + features.map(\.rawValue).sorted().joined(separator: ","))
    }
    if let appID, !appID.isEmpty { parts.append("app/" + Self.token(Untrusted(appID))) }
    return parts.joined(separator: " ")
  }

  /// Returns at most 50 bytes of the text, with each one that is invalid in a token of the header
  /// replaced by `-`.
  static func token(_ text: Untrusted) -> String {
    String(
      decoding: text.bytes.prefix(50).map { isTokenByte($0) ? $0 : UInt8(ascii: "-") },
      as: UTF8.self)
  }

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    byte.isASCIIAlphanumeric || "!$%&'*+-.^_`|~".utf8.contains(byte)
  }

  private static var system: String {
    #if os(Linux)
      "linux"
    #elseif os(macOS)
      "macos"
    #else
      "other"
    #endif
  }

  private static var architecture: String {
    #if arch(x86_64)
      "x86_64"
    #elseif arch(arm64)
      "aarch64"
    #else
      "other"
    #endif
  }
}

extension UserAgent {
  /// A feature, with the letter that AWS counts it by.
  public enum Feature: String, Hashable, CaseIterable, Sendable {
    case paginator = "C"
    case retryModeStandard = "E"
    case retryModeAdaptive = "F"
    case endpointOverride = "N"
    /// Credentials given by the program itself.
    case credentialsCode = "e"
    case credentialsEnvironment = "g"
    case credentialsEnvironmentWebIdentity = "h"
    case credentialsAssumeRole = "i"
    case credentialsWebIdentity = "k"
    case credentialsProfile = "n"
    case credentialsProfileSourceProfile = "o"
    case credentialsProfileNamedProvider = "p"
    case credentialsProfileWebIdentity = "q"
    case credentialsProfileSSO = "r"
    case credentialsSSO = "s"
    case credentialsProfileSSOLegacy = "t"
    case credentialsSSOLegacy = "u"
    case credentialsProfileProcess = "v"
    case credentialsProcess = "w"
    case credentialsContainer = "z"
    case credentialsInstanceMetadata = "0"
    case ssoLoginDevice = "1"
    case credentialsProfileLogin = "AC"
    case credentialsLogin = "AD"
  }
}
