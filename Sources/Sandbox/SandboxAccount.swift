import LocalBackend
import Model
import Signing
import Text

/// An account of the store with the keys that its requests are signed with.
public struct SandboxAccount: Hashable, Sendable {
  public var id: AccountID
  public var name: Untrusted
  /// What its profile is called: its name where that can be one and no other account has it, else
  /// its id.
  public var profile: String
  public var keys: AccessKeys

  public enum Failure: Error, Hashable, Sendable {
    case store(StoreError)
    case seed(path: String, detail: String)
  }

  /// Every account of the store, by id. Makes the store's seed when there is none.
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

  /// A name that every reader of AWS's files takes for one; none that reads as an account's id.
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
