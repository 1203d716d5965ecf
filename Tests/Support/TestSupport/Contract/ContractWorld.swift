import Model
import Text

/// The service and accounts that a backend's tests set up to check the contract: new for each
/// clause.
public struct ContractWorld: Sendable {
  /// The management account of an organization with all features, which has sent nothing and may
  /// have at least ten accounts.
  public var inviter: any HandshakeBackend
  /// An account in no organization, which has received nothing.
  public var invitee: any HandshakeBackend
  /// Another such account, which is no party in any clause.
  public var stranger: any HandshakeBackend
  /// Advances the service's clock.
  public var pass: @Sendable (Span) async throws -> Void

  /// Creates the world of one clause.
  public init(
    inviter: any HandshakeBackend, invitee: any HandshakeBackend, stranger: any HandshakeBackend,
    pass: @escaping @Sendable (Span) async throws -> Void
  ) {
    self.inviter = inviter
    self.invitee = invitee
    self.stranger = stranger
    self.pass = pass
  }
}

/// A broken clause, in words.
public struct ContractBroken: Error, CustomStringConvertible {
  /// The broken promise, in English.
  public let description: String
}

/// One promise of `HandshakeBackend`, checked by calls only.
public struct ContractClause: Sendable, CustomStringConvertible {
  /// The promise in one English sentence, which is also the name of the test.
  public let description: String
  /// The check, which throws `ContractBroken` if the promise does not hold.
  public let check: @Sendable (ContractWorld) async throws -> Void

  init(_ description: String, _ check: @escaping @Sendable (ContractWorld) async throws -> Void) {
    self.description = description
    self.check = check
  }
}

func demand(_ holds: Bool, _ otherwise: @autoclosure () -> String) throws {
  guard holds else { throw ContractBroken(description: otherwise()) }
}

func demand<Value>(_ value: Value?, _ otherwise: @autoclosure () -> String) throws -> Value {
  guard let value else { throw ContractBroken(description: otherwise()) }
  return value
}

/// The error of a call that must fail.
func refusal(_ call: () async throws(BackendError) -> Void) async throws -> BackendError {
  do throws(BackendError) {
    try await call()
  } catch {
    return error
  }
  throw ContractBroken(description: "the call succeeded")
}

extension ContractWorld {
  func invite(notes: Untrusted? = nil) async throws -> Handshake {
    let account = try await invitee.identity().value.account
    let invitation = Invitation(to: .account(Untrusted(account.text)), notes: notes)
    return try await inviter.invite(invitation).value
  }

  /// Every handshake of a listing, page by page.
  func all(_ query: Query, by reader: any HandshakeReader) async throws -> [Handshake] {
    var found: [Handshake] = []
    var token: PageToken?
    var seen: Set<PageToken> = []
    repeat {
      let page = try await reader.handshakes(query, page: token).value
      try demand(page.handshakes.count <= 20, "a page of \(page.handshakes.count)")
      found += page.handshakes
      token = page.next
      if let token { try demand(seen.insert(token).inserted, "a token came twice") }
    } while token != nil
    return found
  }
}

extension Handshake {
  var idText: Untrusted { Untrusted(id?.text ?? "") }

  /// Whether the two are equal apart from the order of the parties, which means nothing.
  func says(theSameAs other: Handshake) -> Bool {
    var left = self
    var right = other
    left.parties.sort { $0.id.bytes.lexicographicallyPrecedes($1.id.bytes) }
    right.parties.sort { $0.id.bytes.lexicographicallyPrecedes($1.id.bytes) }
    return left == right
  }
}
