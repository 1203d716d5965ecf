import Crypto
import Model
import Signing
import Text

/// The long-term keys of the store's accounts.
///
/// A key id contains its account, encrypted and authenticated with the seed, as a real key id
/// contains its account. So no list of keys is needed, and an id cannot be forged.
struct KeyRing: Sendable {
  private let seed: Seed
  private let tagKey: SymmetricKey
  private let maskKey: SymmetricKey

  init(_ seed: Seed) {
    self.seed = seed
    tagKey = seed.derived("key id tag")
    maskKey = seed.derived("key id mask")
  }

  /// Returns the long-term keys of `account`.
  ///
  /// The id is `AKIA` and 16 base32 characters, the secret has 40 characters. Both depend on the
  /// seed alone.
  func keys(of account: AccountID) -> AccessKeys {
    AccessKeys(id: keyID(of: account), secret: secret(of: account))
  }

  /// Returns the account that a key belongs to; nil if the key was not issued with this seed.
  func account(ofKey id: String) -> AccountID? {
    guard id.hasPrefix(Self.prefix), let bytes = Base32.bytes(id.dropFirst(Self.prefix.count)),
      bytes.count == 10
    else { return nil }
    let tag = Array(bytes[..<5])
    let number = zip(bytes[5...], mask(tag)).reduce(UInt64(0)) { $0 << 8 | UInt64($1.0 ^ $1.1) }
    guard number < 1_000_000_000_000, let account = AccountID(Self.digits(number)) else {
      return nil
    }
    // A key id is not a secret, so the comparison need not take constant time.
    return keyID(of: account) == id ? account : nil
  }

  /// Returns a role's unique id: `AROA` and 16 base32 characters.
  func roleID(_ role: String, of account: AccountID) -> String {
    "AROA" + Base32.text(seed.derive("role \(account.text) \(role)", 10))
  }

  static let prefix = "AKIA"

  private func keyID(of account: AccountID) -> String {
    let number = UInt64(account.text) ?? 0
    let tag = Array(
      HMAC<SHA256>.authenticationCode(
        for: Array(account.text.utf8), using: tagKey
      ).prefix(5))
    let bytes = (0..<5).map { UInt8(truncatingIfNeeded: number >> (8 * (4 - $0))) }
    return Self.prefix + Base32.text(tag + zip(bytes, mask(tag)).map { $0 ^ $1 })
  }

  private func mask(_ tag: [UInt8]) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: tag, using: maskKey).prefix(5))
  }

  private func secret(of account: AccountID) -> Secret {
    Secret(Base64.text(seed.derive("secret of \(account.text)", 30)))
  }

  private static func digits(_ number: UInt64) -> String {
    let digits = String(number)
    return String(repeating: "0", count: 12 - digits.utf8.count) + digits
  }
}

/// The 32 random bytes from which all keys of one store are derived.
///
/// They are stored beside the store, so that long-term and temporary keys outlive a restart.
struct Seed: Sendable {
  static let length = 32

  /// Returns the path of the seed file of a store.
  static func path(beside store: String) -> String { store + ".sandbox-seed" }

  private let key: SymmetricKey

  init(_ bytes: [UInt8]) { key = SymmetricKey(data: bytes) }

  /// Reads the seed of a store, or creates it with mode 0600.
  ///
  /// - Throws: `PrivateFile.Failure` if the file is unsafe, cannot be read or written, is not 32
  ///   bytes long, or disappears twice while it is opened.
  static func open(beside store: String, random: any RandomSource) throws(PrivateFile.Failure)
    -> Seed
  {
    let path = path(beside: store)
    // Two attempts, because another process may create the file in between.
    for _ in 0..<2 {
      if let bytes = try PrivateFile.read(path, limit: length + 1) {
        guard bytes.count == length else {
          throw PrivateFile.Failure(
            path: path, detail: "it is not \(length) bytes long; remove it to create new keys")
        }
        return Seed(bytes)
      }
      let bytes = random.bytes(length)
      if try PrivateFile.write(bytes, to: path, replacing: false) { return Seed(bytes) }
    }
    throw PrivateFile.Failure(path: path, detail: "it keeps disappearing")
  }

  /// Derives `count` bytes for one purpose with HKDF-SHA256.
  ///
  /// Bytes of one purpose reveal nothing about those of another.
  func derive(_ purpose: String, _ count: Int) -> [UInt8] {
    derived(purpose, count).withUnsafeBytes { Array($0) }
  }

  /// Derives a key of `count` bytes for one purpose.
  func derived(_ purpose: String, _ count: Int = 32) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(
      inputKeyMaterial: key, salt: Array("handshake-sandbox".utf8), info: Array(purpose.utf8),
      outputByteCount: count)
  }
}
