import Model
import Text
import Wire

/// A role to assume, as a profile describes it.
struct RoleStep: Hashable, Sendable {
  /// The name of the profile that describes it.
  var profile: String
  var arn: Untrusted
  var sessionName: Untrusted?
  var externalID: Untrusted?
  /// The lifetime of the credentials, 900 to 43,200 seconds.
  var duration: Int?
  /// The serial number or ARN of the MFA device whose code is asked for.
  var mfaSerial: Untrusted?
}

/// The source of a role's credentials, assumed with those of another source.
///
/// Both are fetched at every load, so that the role's credentials never outlast the access of their
/// base.
struct RoleSource: CredentialsSource {
  let context: SourceContext
  let base: any CredentialsSource
  let step: RoleStep

  var asksPerson: Bool { base.asksPerson || step.mfaSerial != nil }

  /// Loads the base's credentials, asks for a code if there is an MFA device, and assumes the role.
  ///
  /// - Throws: `CredentialsFault` if the base fails, no code is given, or STS fails or refuses.
  func load() async throws(CredentialsFault) -> Credentials {
    let keys = try await base.load().keys
    var request = QueryRequest(sts: "AssumeRole")
    request.add("RoleArn", step.arn.text)
    request.add("RoleSessionName", SessionName.of(step.sessionName, context.world))
    request.add("DurationSeconds", step.duration.map(String.init))
    request.add("ExternalId", step.externalID?.text)
    if let device = step.mfaSerial {
      // Asked for at each load, as late as possible, and not kept: a code is valid once.
      let profile = Untrusted(step.profile)
      guard let code = await context.world.dialogue.oneTimeCode(device: device, profile: profile)
      else {
        throw CredentialsFault(.codeNotGiven, from: .assumeRole, profile: profile, detail: device)
      }
      request.add("SerialNumber", device.text)
      request.add("TokenCode", code.digits)
    }
    do throws(STSFault) {
      return try await STSClient(context).assume("AssumeRole", request, keys: keys, as: .assumeRole)
    } catch {
      throw error.credentialsFault(context, from: .assumeRole)
    }
  }
}

/// The name of a role session.
enum SessionName {
  /// Returns the configured name, or `handshake-` and the time in milliseconds.
  static func of(_ said: Untrusted?, _ world: AWSWorld) -> String {
    said?.text ?? "handshake-\(world.time.now().milliseconds)"
  }
}

/// The source of a role's credentials for a token that an identity provider keeps in a file.
///
/// The token replaces a signature. Its file is read at each load, since it is replaced often.
struct WebIdentitySource: CredentialsSource {
  let context: SourceContext
  let tokenFile: Untrusted
  let roleARN: Untrusted
  let sessionName: Untrusted?

  /// Reads the token and assumes the role.
  ///
  /// - Throws: `CredentialsFault` if the file is missing, empty or not UTF-8, or STS fails or
  ///   refuses.
  func load() async throws(CredentialsFault) -> Credentials {
    let bytes = try context.file(context.path(tokenFile), for: .webIdentity)
    guard let token = String(validating: bytes, as: UTF8.self), !token.isEmpty else {
      throw context.fault(.unreadable, from: .webIdentity, "the token file is empty")
    }
    var request = QueryRequest(sts: "AssumeRoleWithWebIdentity")
    request.add("RoleArn", roleARN.text)
    request.add("RoleSessionName", SessionName.of(sessionName, context.world))
    request.add("WebIdentityToken", token)
    do throws(STSFault) {
      return try await STSClient(context).assume(
        "AssumeRoleWithWebIdentity", request, keys: nil, as: .webIdentity)
    } catch {
      throw error.credentialsFault(context, from: .webIdentity)
    }
  }
}
