import LocalBackend

/// What this build is, and which files of earlier and later ones it understands.
enum Version {
  static let program = "0.1.0"
  static let journalFormat = 1
  /// The day of the release, for the man page.
  static let date = "2026-11-30"

  static var text: String {
    """
    handshake \(program)
    store format \(Store.formatVersion)
    journal format \(journalFormat)
    """
  }
}
