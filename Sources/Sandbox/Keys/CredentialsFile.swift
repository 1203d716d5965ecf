import Signing
import Text

/// An AWS credentials file with one profile an account.
public enum CredentialsFile {
  /// How the file begins, and how one of ours is known: nobody else's file is ever replaced.
  static let mark = "# Keys of a handshake sandbox. They are not valid at AWS."

  public struct Failure: Error, Hashable, Sendable {
    public var path: String
    public var detail: String
  }

  /// Puts the file there, whole or not at all, mode 0600. An older one of ours is replaced; any other
  /// file is refused.
  public static func write(
    _ accounts: [SandboxAccount], to path: String
  ) throws(Failure) {
    do throws(PrivateFile.Failure) {
      let present = try PrivateFile.read(path, limit: 64 << 20)
      if let present, !present.starts(with: mark.utf8) {
        throw PrivateFile.Failure(
          path: path, detail: "it already exists and was not written by a sandbox")
      }
      let written = try PrivateFile.write(
        Array(text(accounts).utf8), to: path, replacing: present != nil)
      guard written else {
        throw PrivateFile.Failure(path: path, detail: "another process just created it")
      }
    } catch { throw Failure(path: error.path, detail: error.detail) }
  }

  private static func text(_ accounts: [SandboxAccount]) -> String {
    accounts.reduce(mark + "\n") { text, account in
      text + "\n[\(account.profile)]\naws_access_key_id = \(account.keys.id)\n"
        + "aws_secret_access_key = \(account.keys.secret.revealedText)\n"
    }
  }
}
