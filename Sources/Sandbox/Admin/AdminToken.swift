import Crypto
import Model

/// What the admin path wants: made at each start, printed once, kept nowhere.
public struct AdminToken: Sendable {
  public let text: String

  init(_ random: any RandomSource) { text = Base32.text(random.bytes(30)) }

  /// Whether `given` is this token, in a time that tells nothing of it.
  func matches(_ given: [UInt8]) -> Bool {
    // Digests compare in constant time.
    SHA256.hash(data: given) == SHA256.hash(data: Array(text.utf8))
  }
}
