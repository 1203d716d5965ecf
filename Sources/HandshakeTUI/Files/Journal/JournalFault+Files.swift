import Review
import Text

extension JournalFault {
  init(_ error: FileError) {
    let path = Untrusted(error.path)
    switch error.cause {
    case .system(let errno): self = .system(call: error.doing.rawValue, errno: errno, path: path)
    // The last two are said of logs alone.
    case .notRegular, .relative, .besideTheJournal, .notALog:
      self = .unsafe(.notARegularFile, path: path)
    case .notDirectory: self = .unsafe(.notADirectory, path: path)
    case .linkedTwice: self = .unsafe(.hardLinked, path: path)
    case .ofAnother: self = .unsafe(.notOurs, path: path)
    case .openToOthers: self = .unsafe(.openToOthers, path: path)
    case .parentOpenToOthers(let parent):
      self = .unsafe(.parentOpenToOthers, path: Untrusted(parent))
    case .tooLarge: self = .unsafe(.tooLarge, path: path)
    }
  }
}
