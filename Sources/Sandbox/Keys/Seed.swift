import Crypto
import Model

/// The 32 random bytes from which all keys of one store come. They lie beside the store, so that
/// keys, and temporary keys that were given out, outlive a restart.
struct Seed: Sendable {
  static let length = 32

  /// Where the seed of a store lies.
  static func path(beside store: String) -> String { store + ".sandbox-seed" }

  private let key: SymmetricKey

  init(_ bytes: [UInt8]) { key = SymmetricKey(data: bytes) }

  /// Reads the seed of a store, or makes it (0600).
  static func open(beside store: String, random: any RandomSource) throws(PrivateFile.Failure)
    -> Seed
  {
    let path = path(beside: store)
    // Twice: another process may make it in between.
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

  /// Bytes for one purpose; other purposes tell nothing of them.
  func derive(_ purpose: String, _ count: Int) -> [UInt8] {
    derived(purpose, count).withUnsafeBytes { Array($0) }
  }

  /// A key for one purpose.
  func derived(_ purpose: String, _ count: Int = 32) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(
      inputKeyMaterial: key, salt: Array("handshake-sandbox".utf8), info: Array(purpose.utf8),
      outputByteCount: count)
  }
}
