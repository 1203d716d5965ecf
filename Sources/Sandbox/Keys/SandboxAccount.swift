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
