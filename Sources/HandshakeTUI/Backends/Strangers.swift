import Text

/// Who is asked that is neither AWS nor on this machine, and whose word is taken for it.
struct Strangers: Sendable {
  /// The host of an endpoint: whoever answers there gets signed requests or the tokens of a login, and
  /// every record is its word.
  var endpoint: String?
  /// The file whose certificates are trusted in place of the system's.
  var certificates: Untrusted?

  /// What a command says of them before it asks.
  func words(_ ink: Ink) -> [String] {
    [
      endpoint.map {
        "endpoint: \(ink.full($0)), which is not AWS's own: it is asked there, signed"
      },
      certificates.map {
        "certificates: those in \(ink.full($0)) are trusted, not the system's"
      },
    ].compactMap { $0 }
  }
}
