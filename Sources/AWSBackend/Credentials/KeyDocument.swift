import Model
import Signing
import Text
import Wire

/// Access keys in the JSON of a program, container or instance; only the token's member has
/// different names.
struct KeyDocument {
  var id: String
  var secret: Secret
  var token: Secret?
  var expires: Timestamp?
  var account: AccountID?

  /// The reason why a document is invalid; it never contains the document's text.
  struct Fault: Error {
    var detail: String
  }

  /// Reads the keys from a JSON object.
  ///
  /// `tokenName` is `SessionToken` or `Token`. `needsToken` requires the token and `Expiration`. An
  /// empty token counts as absent, as in the AWS CLI.
  ///
  /// - Throws: `Fault` if a required member is missing, `Expiration` is not a time, or a key
  ///   contains control characters.
  init(_ value: JSONValue, tokenName: String, needsToken: Bool) throws(Fault) {
    guard let id = value["AccessKeyId"]?.string?.asciiText, !id.isEmpty else {
      throw Fault(detail: "AccessKeyId is missing")
    }
    guard let secret = value["SecretAccessKey"]?.string, !secret.isEmpty else {
      throw Fault(detail: "SecretAccessKey is missing")
    }
    let token = value[tokenName]?.string.map { Secret($0.bytes) }
    if needsToken, token == nil { throw Fault(detail: "\(tokenName) is missing") }
    var expires: Timestamp?
    if let text = value["Expiration"] {
      guard let instant = text.string.flatMap({ Timestamp(reading: $0.bytes) }) else {
        throw Fault(detail: "Expiration is not a valid time")
      }
      expires = instant
    } else if needsToken {
      // Temporary keys that nobody would refresh.
      throw Fault(detail: "Expiration is missing")
    }
    guard Header.isValue(secret.bytes), token.map({ Header.isValue($0.revealed) }) ?? true else {
      throw Fault(detail: "a key contains invalid characters")
    }
    self.id = id
    self.secret = Secret(secret.bytes)
    self.token = token.flatMap { $0.isEmpty ? nil : $0 }
    self.expires = expires
    account = value["AccountId"]?.string?.asciiText.flatMap { AccountID($0) }
  }

  /// Returns the keys as credentials of a source.
  func credentials(_ source: CredentialsFault.Source) -> Credentials {
    Credentials(
      AccessKeys(id: id, secret: secret, sessionToken: token), expires: expires, account: account,
      source: source)
  }
}

/// The rules for header values that we send.
enum Header {
  /// Returns whether the bytes contain no control character: a line break would begin another
  /// header.
  static func isValue(_ bytes: some Sequence<UInt8>) -> Bool {
    bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
  }
}
