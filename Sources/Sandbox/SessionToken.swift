import Crypto
import Model
import Signing
import Text

/// Temporary keys as AssumeRole gives them out. Nothing is remembered: what they are is sealed into
/// their session token with the seed, so they outlive a restart and end by the clock.
struct Session: Hashable, Sendable {
  var account: AccountID
  var role: String
  /// RoleSessionName.
  var name: String
  var expires: Timestamp
  /// `ASIA` and 16 letters or digits.
  var keyID: String

  var callerARN: String {
    "arn:aws:sts::\(account.text):assumed-role/\(role)/\(name)"
  }
}

/// Seals sessions and opens them again.
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

  /// The keys of a session.
  func keys(of session: Session) throws -> AccessKeys {
    AccessKeys(
      id: session.keyID, secret: secret(of: session), sessionToken: Secret(try token(of: session)))
  }

  /// The session of a token; nil when it was not sealed with this seed, or not whole.
  func session(_ token: [UInt8]) -> Session? {
    guard let bytes = Base64.bytes(token), let box = try? ChaChaPoly.SealedBox(combined: bytes),
      let plain = try? ChaChaPoly.open(box, using: tokenKey)
    else { return nil }
    let parts = String(decoding: plain, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false
    ).map { String($0) }
    guard parts.count == 5, let account = AccountID(parts[0]), let expires = Int64(parts[3]) else {
      return nil
    }
    return Session(
      account: account, role: parts[1], name: parts[2],
      expires: Timestamp(milliseconds: expires), keyID: parts[4])
  }

  func secret(of session: Session) -> Secret {
    Secret(Base64.text(seed.derive("session secret " + Self.text(session), 30)))
  }

  private func token(of session: Session) throws -> String {
    let box = try ChaChaPoly.seal(
      Array(Self.text(session).utf8), using: tokenKey)
    return Base64.text(Array(box.combined))
  }

  /// Roles and session names hold no line's end: STS takes none.
  private static func text(_ session: Session) -> String {
    [
      session.account.text, session.role, session.name, String(session.expires.milliseconds),
      session.keyID,
    ].joined(separator: "\n")
  }
}
