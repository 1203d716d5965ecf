import LocalBackend
import Model
import Signing
import Text

/// An account of the store with the keys that its requests are signed with.
public struct SandboxAccount: Hashable, Sendable {
  /// The account's number.
  public var id: AccountID
  /// The account's name in the store; may be any text.
  public var name: Untrusted
  /// The name of the account's profile in the credentials file.
  ///
  /// It is the account's name if that is a valid profile name and no other account has it,
  /// otherwise the account's number.
  public var profile: String
  /// The long-term keys.
  public var keys: AccessKeys

  /// The reason why the accounts cannot be listed.
  public enum Failure: Error, Hashable, Sendable {
    case store(StoreError)
    case seed(path: String, detail: String)
  }

  /// Returns all accounts of the store in the order of their ids, creating its seed if it is
  /// missing.
  ///
  /// - Throws: `Failure.seed` if the seed file is unsafe or cannot be read or created,
  ///   `Failure.store` if the store cannot be read.
  public static func all(
    in store: Store, random: any RandomSource
  ) async throws(Failure) -> [SandboxAccount] {
    let seed: Seed
    do throws(PrivateFile.Failure) {
      seed = try Seed.open(beside: store.path, random: random)
    } catch { throw .seed(path: error.path, detail: error.detail) }
    let accounts: [Store.Account]
    do throws(StoreError) { accounts = try await store.accounts() } catch { throw .store(error) }
    let ring = KeyRing(seed)
    let names = Dictionary(accounts.map { ($0.name, 1) }, uniquingKeysWith: +)
    return accounts.map { account in
      let isAlone = names[account.name] == 1
      return SandboxAccount(
        id: account.id, name: account.name,
        profile: isAlone ? profile(account.name) ?? account.id.text : account.id.text,
        keys: ring.keys(of: account.id))
    }
  }

  /// Returns the name if every reader of AWS's files accepts it as a profile's name, else nil.
  ///
  /// A name that reads as an account's number is not accepted.
  private static func profile(_ name: Untrusted) -> String? {
    guard let text = name.asciiText, !text.isEmpty, text != "default",
      !AccountID.isWritten(in: name),
      text.utf8.allSatisfy({ byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "_-/.%@:+".utf8.contains(byte)
        }
      })
    else { return nil }
    return text
  }
}

/// An AWS credentials file with one profile for each account.
public enum CredentialsFile {
  /// The first line of the file, by which a file of this program is recognised.
  ///
  /// A file without it is never replaced.
  static let mark = "# Keys of a handshake sandbox. They are not valid at AWS."

  /// The reason why the credentials file was not written.
  public struct Failure: Error, Hashable, Sendable {
    /// The path as it was given.
    public var path: String
    /// The message, without the path.
    public var detail: String
  }

  /// Writes the file atomically, with mode 0600, replacing an older one of this program.
  ///
  /// - Throws: `Failure` if a file that this program did not write is already there, if the present
  ///   file is unsafe or longer than 64 MiB, or if writing fails.
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
