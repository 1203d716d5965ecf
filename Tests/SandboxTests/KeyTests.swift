import Glibc
import Model
import Signing
import TestSupport
import Testing
import Text

@testable import Sandbox

private let seed = Seed(Array(0..<32))
private let other = Seed(Array(1..<33))

private func account(_ text: String) throws -> AccountID { try present(AccountID(text)) }

@Suite("Access keys of an account")
struct KeyRingTests {
  @Test(
    "have AWS's format, are the same each time and identify their account",
    arguments: ["000000000000", "111122223333", "999999999999", "012345678901"])
  func form(_ id: String) throws {
    let account = try account(id)
    let keys = KeyRing(seed).keys(of: account)
    #expect(keys.id.utf8.count == 20)
    #expect(keys.id.hasPrefix("AKIA"))
    #expect(keys.id.utf8.allSatisfy { "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8.contains($0) })
    #expect(keys.secret.revealed.count == 40)
    #expect(keys.sessionToken == nil)
    #expect(KeyRing(seed).keys(of: account) == keys)
    #expect(KeyRing(seed).account(ofKey: keys.id) == account)
  }

  @Test("differ among accounts and seeds")
  func differ() throws {
    let ids = ["111122223333", "111122223334", "211122223333"]
    let all = try [seed, other].flatMap { seed in
      try ids.map { KeyRing(seed).keys(of: try account($0)) }
    }
    #expect(Set(all.map(\.id)).count == 6)
    #expect(Set(all.map(\.secret)).count == 6)
  }

  @Test("cannot be forged: no other id, no other seed's, no changed character")
  func forged() throws {
    let id = KeyRing(seed).keys(of: try account("111122223333")).id
    #expect(KeyRing(other).account(ofKey: id) == nil)
    for index in 4..<20 {
      var characters = Array(id)
      characters[index] = characters[index] == "A" ? "B" : "A"
      #expect(KeyRing(seed).account(ofKey: String(characters)) == nil)
    }
    for text in ["", "AKIA", "AKIAIOSFODNN7EXAMPLE", id + "A", String(id.dropLast()), "ASIA"] {
      #expect(KeyRing(seed).account(ofKey: text) == nil)
    }
  }
}

@Suite("Temporary credentials")
struct SessionTests {
  private func session() throws -> SandboxSession {
    SandboxSession(
      account: try account("111122223333"), role: "Operator", name: "judge",
      expires: Timestamp(milliseconds: 1_795_361_530_000), keyID: "ASIAABCDEFGHIJKLMNOP")
  }

  @Test("are decoded from their token without loss, after a restart too")
  func roundTrip() throws {
    let keys = try SessionSeal(seed).keys(of: try session())
    let token = try present(keys.sessionToken)
    let opened = try present(SessionSeal(Seed(Array(0..<32))).session(token.revealed))
    #expect(opened == (try session()))
    #expect(SessionSeal(seed).secret(of: opened) == keys.secret)
    #expect(keys.secret.revealed.count == 40)
  }

  @Test("are not decoded from a token that was changed, cut or sealed by another")
  func forged() throws {
    let token = try present(SessionSeal(seed).keys(of: try session()).sessionToken).revealed
    #expect(SessionSeal(other).session(token) == nil)
    for index in stride(from: 0, to: token.count, by: 7) {
      var changed = token
      changed[index] = changed[index] == 0x41 ? 0x42 : 0x41
      #expect(SessionSeal(seed).session(changed) == nil)
    }
    #expect(SessionSeal(seed).session(Array(token.dropLast(4))) == nil)
    #expect(SessionSeal(seed).session([]) == nil)
    #expect(SessionSeal(seed).session(Array("AAAA".utf8)) == nil)
  }

  @Test("have different secrets")
  func secrets() throws {
    var later = try session()
    later.expires = later.expires + .seconds(1)
    let seal = SessionSeal(seed)
    #expect(seal.secret(of: later) != seal.secret(of: try session()))
  }
}

@Suite("The seed beside the store")
struct SeedTests {
  @Test("is created once, readable for its owner only, and read again")
  func made() throws {
    let directory = try TemporaryDirectory()
    let store = directory.path + "/o.sqlite"
    let first = try Seed.open(beside: store, random: SeededBytes(seed: 1))
    let second = try Seed.open(beside: store, random: SeededBytes(seed: 2))
    #expect(first.derive("x", 8) == second.derive("x", 8))
    var status = stat()
    #expect(stat(Seed.path(beside: store), &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    #expect(status.st_size == 32)
  }

  @Test("is refused when others may read it, when it is a link, and when it is cut")
  func refused() throws {
    let directory = try TemporaryDirectory()
    func refuses(_ name: String, _ make: (String) -> Void) {
      let store = directory.path + "/" + name
      make(Seed.path(beside: store))
      #expect(throws: PrivateFile.Failure.self) {
        try Seed.open(beside: store, random: SeededBytes())
      }
    }
    func write(_ path: String, _ count: Int, _ mode: mode_t) {
      let file = open(path, O_WRONLY | O_CREAT, 0o600)
      _ = [UInt8](repeating: 7, count: count).withUnsafeBytes {
        Glibc.write(file, $0.baseAddress, count)
      }
      fchmod(file, mode)
      close(file)
    }
    refuses("open") { write($0, 32, 0o644) }
    refuses("short") { write($0, 31, 0o600) }
    refuses("long") { write($0, 40, 0o600) }
    refuses("link") { path in
      write(path + ".target", 32, 0o600)
      symlink(path + ".target", path)
    }
    refuses("directory") { mkdir($0, 0o700) }
  }
}

@Suite("The credentials file")
struct CredentialsFileTests {
  private func accounts() throws -> [SandboxAccount] {
    [
      SandboxAccount(
        id: try account("111122223333"), name: Untrusted("acme"), profile: "acme",
        keys: AccessKeys(id: "AKIAONE", secret: Secret("one")))
    ]
  }

  @Test("is written completely, readable for its owner only, and replaces one of ours")
  func written() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/credentials"
    try CredentialsFile.write(try accounts(), to: path)
    try CredentialsFile.write(try accounts(), to: path)
    let text = String(
      decoding: try present(PrivateFile.read(path, limit: 4_096)), as: UTF8.self)
    #expect(
      text.hasSuffix(
        "\n[acme]\naws_access_key_id = AKIAONE\naws_secret_access_key = one\n"))
  }

  @Test("never replaces somebody else's")
  func foreign() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/credentials"
    let theirs = Array("[default]\naws_access_key_id = AKIAREAL\n".utf8)
    try PrivateFile.write(theirs, to: path, replacing: false)
    #expect(throws: CredentialsFile.Failure.self) {
      try CredentialsFile.write(try accounts(), to: path)
    }
    #expect(try PrivateFile.read(path, limit: 4_096) == theirs)
  }
}
