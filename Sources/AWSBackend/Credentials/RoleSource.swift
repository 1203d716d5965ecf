import Model
import Text
import Wire

/// One role to assume, as a profile describes it.
struct RoleStep: Hashable, Sendable {
  /// The profile that says so.
  var profile: String
  var arn: Untrusted
  var sessionName: Untrusted?
  var externalID: Untrusted?
  /// In seconds.
  var duration: Int?
  /// Of the device whose code is asked for.
  var mfaSerial: Untrusted?
}

/// Keys of a role, assumed with the keys of another source; both are fetched at every load, so that
/// a chain never outlives its beginning.
struct RoleSource: CredentialsSource {
  let context: SourceContext
  let base: any CredentialsSource
  let step: RoleStep

  var asksPerson: Bool { base.asksPerson || step.mfaSerial != nil }

  func load() async throws(CredentialsFault) -> Credentials {
    let keys = try await base.load().keys
    var request = QueryRequest(sts: "AssumeRole")
    request.add("RoleArn", step.arn.text)
    request.add("RoleSessionName", SessionName.of(step.sessionName, context.world))
    request.add("DurationSeconds", step.duration.map(String.init))
    request.add("ExternalId", step.externalID?.text)
    if let device = step.mfaSerial {
      // Asked for at each load, as late as possible, and kept nowhere: a code is good once.
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

/// How a session is named where nobody named it.
enum SessionName {
  static func of(_ said: Untrusted?, _ world: AWSWorld) -> String {
    said?.text ?? "handshake-\(world.time.now().milliseconds)"
  }
}

/// Keys of a role for a token that another identity provider keeps in a file. The token stands for a
/// signature; its file is read at each load, since it is replaced all the time.
struct WebIdentitySource: CredentialsSource {
  let context: SourceContext
  let tokenFile: Untrusted
  let roleARN: Untrusted
  let sessionName: Untrusted?

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
