import LocalBackend

/// What this build is, and which files of earlier and later ones it understands.
enum Version {
  static let program = "0.1.0"
  static let journalFormat = 1

  static var text: String {
    """
    handshake \(program)
    store format \(Store.formatVersion)
    journal format \(journalFormat)
    """
  }
}
