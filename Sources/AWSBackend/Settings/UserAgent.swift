import Text

/// What requests say about the program that sends them: its name and version, the system, and which
/// features were used, in the letters that AWS's own SDKs share. Nothing about the operator, the
/// profile or the account.
public struct UserAgent: Hashable, Sendable {
  public var version: String
  public var appID: String?
  public var features: Set<Feature>

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

  /// The text with every byte that cannot stand in a token of the header replaced by `-`; at most 50.
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
  /// A feature, as the letter that AWS counts it by.
  public enum Feature: String, Hashable, CaseIterable, Sendable {
    case paginator = "C"
    case retryModeStandard = "E"
    case retryModeAdaptive = "F"
    case endpointOverride = "N"
    /// Keys that were given by the program itself.
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
