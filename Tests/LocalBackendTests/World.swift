import Glibc
import Model
import TestSupport
import Text

@testable import LocalBackend

/// A store of one test, with a few accounts.
///
/// - `acme` manages an organization with all features, three years old; `clerk` was invited into it
///   and `robot` was created in it, both long ago.
/// - `globex` manages one with consolidated billing only; `anna` and `bert` were invited into it.
/// - `loner` and `other` are standalone.
final class World {
  let time = ManualTime()
  let store: Store
  private let directory: TemporaryDirectory

  init(_ options: Store.Options = Store.Options(), seed: UInt64 = 1) throws {
    directory = try TemporaryDirectory()
    let now = time.now()
    store = try Store.create(
      at: directory.path + "/store", options: options, time: time, random: SeededBytes(seed: seed)
    ) { try Cast.plant(now: now, in: $0) }
  }

  var path: String { store.path }

  func backend(_ account: String) throws -> LocalBackend {
    LocalBackend(store: store, account: try Fixture.account(account), user: "tester")
  }

  /// A second process, as far as the file can tell.
  func reopened() throws -> Store {
    try Store.open(at: path, time: time, random: SeededBytes(seed: 99))
  }

  /// Changes the facts without the service.
  func change(_ sql: String, _ values: String...) throws {
    try store.writer.write { db in
      if values.isEmpty { try db.script(sql) } else { try db.execute(sql, values) }
    }
  }

  func count(_ sql: String) throws -> Int {
    try store.writer.read { Int(try $0.number(sql) ?? 0) }
  }

  func organization(of account: String) throws -> String? {
    try store.writer.read {
      try $0.text("SELECT organization FROM memberships WHERE account = ?", [account])
    }
  }

  /// The handshake from `sender` to `account`.
  @discardableResult
  func invite(_ account: String, from sender: String, notes: String? = nil) async throws
    -> Untrusted
  {
    let invitation = Invitation(
      to: .account(Untrusted(account)), notes: notes.map { Untrusted($0) })
    return try await backend(sender).invite(invitation).value.idText
  }

  /// The status of a request to create an account.
  func createAccount(_ email: String, _ name: String = "new", by creator: String) async throws
    -> AccountCreation
  {
    let backend = try backend(creator)
    let request = AccountRequest(email: Untrusted(email), name: Untrusted(name))
    let taken = try await backend.createAccount(request).value
    return try await backend.accountCreation(taken.id).value
  }

  func describe(_ id: Untrusted, as account: String) async throws -> Handshake {
    guard let text = id.asciiText else { throw FixtureError(text: "id") }
    return try await backend(account).handshake(try Fixture.handshake(text)).value
  }
}

extension Handshake {
  /// The id in the form that answers use.
  var idText: Untrusted { Untrusted(id?.text ?? "") }
}

/// The accounts of every world, and their organizations.
enum Cast {
  static let acme = "111111111111"
  static let clerk = "111111111112"
  static let robot = "111111111113"
  static let globex = "222222222221"
  static let anna = "222222222222"
  static let bert = "222222222223"
  static let loner = "333333333331"
  static let other = "333333333332"
  static let acmes = "o-acmeacme01"
  static let globexes = "o-globex0001"

  static func plant(now: Timestamp, in db: Database) throws {
    let names = [
      (acme, "Acme"), (clerk, "clerk"), (robot, "robot"), (globex, "Globex"), (anna, "anna"),
      (bert, "bert"), (loner, "loner"), (other, "other"),
    ]
    for (id, name) in names {
      var account = AccountRow(
        id: try Fixture.account(id), name: Untrusted(name), email: "\(name)@example.com",
        created: now - .days(900))
      account.serviceLinkedRole = ![loner, other].contains(id)
      try account.insert(db)
    }
    try found(acmes, by: acme, .all, now, in: db)
    try found(globexes, by: globex, .consolidatedBilling, now, in: db)
    try join(acmes, clerk, .invited, now, in: db)
    try join(acmes, robot, .created, now, in: db)
    try join(globexes, anna, .invited, now, in: db)
    try join(globexes, bert, .invited, now, in: db)
  }

  private static func found(
    _ id: String, by account: String, _ features: FeatureSet, _ now: Timestamp, in db: Database
  ) throws {
    try OrganizationRow(
      id: try Fixture.organization(id), managementAccount: try Fixture.account(account),
      featureSet: features, created: now - .days(800)
    ).insert(db)
  }

  private static func join(
    _ id: String, _ account: String, _ method: MembershipRow.Method, _ now: Timestamp,
    in db: Database
  ) throws {
    try MembershipRow(
      account: try Fixture.account(account), organization: try Fixture.organization(id),
      method: method, joined: now - .days(700)
    ).insert(db)
  }
}

/// What the service said to a call: `ok`, or its exception and reason in its own names.
///
///     await said { try await backend.accept(id) }  // "HandshakeNotFoundException"
func said<Value>(_ call: () async throws -> Value) async -> String {
  do {
    _ = try await call()
    return "ok"
  } catch let error as BackendError {
    guard let exception = error.exception else { return "\(error.failure)" }
    let names = [exception.nameInTests, error.reason?.knownName].compactMap(\.self)
    return names.joined(separator: " ")
  } catch { return "\(error)" }
}

/// The error of a call that must fail.
func failure<Value>(of call: () async throws -> Value) async throws -> BackendError {
  do { _ = try await call() } catch let error as BackendError { return error }
  throw FixtureError(text: "the call succeeded")
}

extension ServiceException {
  fileprivate var nameInTests: String {
    knownName ?? unknownText?.asciiText ?? "?"
  }
}

extension TemporaryDirectory {
  /// The present contents, with their bytes.
  func contents() -> [String: [UInt8]] {
    var contents: [String: [UInt8]] = [:]
    guard let directory = opendir(path) else { return contents }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name != ".", name != ".." else { continue }
      contents[name] = bytes(of: path + "/" + name)
    }
    return contents
  }
}

/// The whole file; empty when there is none.
func bytes(of path: String) -> [UInt8] {
  guard let file = fopen(path, "rb") else { return [] }
  defer { fclose(file) }
  var all: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 65_536)
  while true {
    let got = fread(&chunk, 1, chunk.count, file)
    if got == 0 { return all }
    all += chunk.prefix(got)
  }
}

func write(_ bytes: [UInt8], to path: String) throws {
  guard let file = fopen(path, "wb") else { throw FixtureError(text: path) }
  defer { fclose(file) }
  guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw FixtureError(text: path) }
}
