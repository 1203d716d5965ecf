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
    case .folderOpenToOthers(let folder, _):
      self = .unsafe(.parentOpenToOthers, path: Untrusted(folder))
    case .folderOfAnother(let folder, let owner), .linkOfAnother(let folder, let owner):
      self = .foreignFolder(path: Untrusted(folder), owner: owner)
    case .linkToNothing(let path): self = .unsafe(.linkedAndMissing, path: Untrusted(path))
    case .tooLarge: self = .unsafe(.tooLarge, path: path)
    }
  }
}
