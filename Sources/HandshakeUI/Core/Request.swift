import Model
import Review
import Text

/// What a token was given out for.
enum Request: Hashable, Sendable {
  case identity(AccountID)
  case profile(Untrusted)
  case login(Untrusted)
  case page(Pass)
  /// One handshake; whether the operator asked for it and is to be told.
  case handshake(SourceKey, HandshakeID, isTold: Bool)
  case trust
  case journal
  case letters
  case run
  case reconciliation
  case writing(String)
}

/// The requests that are under way.
struct Requests: Equatable, Sendable {
  private var open: [Token: Request] = [:]
  private var last = 0

  mutating func begin(_ request: Request) -> Token {
    last += 1
    let token = Token(last)
    open[token] = request
    return token
  }

  subscript(token: Token) -> Request? { open[token] }

  /// Ends it; nil when it is not wanted any more.
  mutating func end(_ token: Token) -> Request? { open.removeValue(forKey: token) }

  mutating func forget(where isUnwanted: (Request) -> Bool) -> [Token] {
    let tokens = open.filter { isUnwanted($0.value) }.map(\.key).sorted { $0.number < $1.number }
    for token in tokens { open[token] = nil }
    return tokens
  }

  func count(where isMeant: (Request) -> Bool) -> Int { open.values.count(where: isMeant) }

  func contains(where isMeant: (Request) -> Bool) -> Bool { open.values.contains(where: isMeant) }
}
