import Text

/// Who is asked that is not AWS, whose word is taken for it, and who else may have written the settings.
struct Strangers: Sendable {
  /// The hosts of endpoints, each with its service where that is not Organizations: whoever answers there
  /// gets signed requests or the tokens of a login, and every record is its word.
  var endpoints: [String] = []
  /// The file whose certificates are trusted in place of the system's.
  var certificates: Untrusted?
  /// Files of the AWS CLI that others may change. Printable.
  var files: [String] = []

  /// The first endpoint, and how many more there are.
  var endpoint: String? { Self.first(of: endpoints) }
  var file: String? { Self.first(of: files) }

  /// What a command says of the endpoints and certificates before it asks. The files were told when they
  /// were read.
  func words(_ ink: Ink) -> [String] {
    endpoints.map {
      "endpoint: signed requests go to \(ink.full($0)), which is not AWS's own"
    }
      + [
        certificates.map {
          "certificates: \(ink.full($0)) replaces the system's"
        }
      ].compactMap { $0 }
  }

  private static func first(of texts: [String]) -> String? {
    texts.first.map { texts.count > 1 ? "\($0) +\(texts.count - 1) more" : $0 }
  }
}
