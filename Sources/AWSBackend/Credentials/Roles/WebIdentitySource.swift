import Model
import Text
import Wire

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
