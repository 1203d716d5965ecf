import Crypto
import Model
import Signing
import Text

/// A session with temporary keys, as AssumeRole creates it.
///
/// Sessions are not stored: the session is encrypted into its token with the seed, so that it
/// outlives a restart and ends by the clock.
struct SandboxSession: Hashable, Sendable {
  var account: AccountID
  var role: String
  /// The RoleSessionName that the client chose.
  var name: String
  var expires: Timestamp
  /// The key id: `ASIA` and 16 base32 characters.
  var keyID: String

  var callerARN: String {
    "arn:aws:sts::\(account.text):assumed-role/\(role)/\(name)"
  }
}

/// The encryption and decryption of session tokens.
struct SessionSeal: Sendable {
  private let seed: Seed
  private let tokenKey: SymmetricKey

  init(_ seed: Seed) {
    self.seed = seed
    tokenKey = seed.derived("session token")
  }

  static let prefix = "ASIA"

  static func newKeyID(_ random: any RandomSource) -> String {
    prefix + Base32.text(random.bytes(10))
  }

  /// Returns the keys of a session: id, secret and token.
  func keys(of session: SandboxSession) throws -> AccessKeys {
    AccessKeys(
      id: session.keyID, secret: secret(of: session), sessionToken: Secret(try token(of: session)))
  }

  /// Returns the session of a token; nil if it was not sealed with this seed or is incomplete.
  func session(_ token: [UInt8]) -> SandboxSession? {
    guard let bytes = Base64.bytes(token), let box = try? ChaChaPoly.SealedBox(combined: bytes),
      let plain = try? ChaChaPoly.open(box, using: tokenKey)
    else { return nil }
    let parts = String(decoding: plain, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false
    ).map { String($0) }
    guard parts.count == 5, let account = AccountID(parts[0]), let expires = Int64(parts[3]) else {
      return nil
    }
    return SandboxSession(
      account: account, role: parts[1], name: parts[2],
      expires: Timestamp(milliseconds: expires), keyID: parts[4])
  }

  func secret(of session: SandboxSession) -> Secret {
    Secret(Base64.text(seed.derive("session secret " + Self.text(session), 30)))
  }

  private func token(of session: SandboxSession) throws -> String {
    let box = try ChaChaPoly.seal(
      Array(Self.text(session).utf8), using: tokenKey)
    return Base64.text(Array(box.combined))
  }

  /// Returns the session's fields, one per line; STS allows no line feed in role or session names.
  private static func text(_ session: SandboxSession) -> String {
    [
      session.account.text, session.role, session.name, String(session.expires.milliseconds),
      session.keyID,
    ].joined(separator: "\n")
  }
}
