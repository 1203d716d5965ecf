import Model
import Text

extension FileError {
  func failure(_ ink: Ink) -> CommandFailure {
    CommandFailure(.failed, "\(ink.full(path)) \(verb)", why: why(ink), remedy: remedy(ink))
  }

  private var verb: String {
    switch doing {
    case .open: "cannot be used"
    case .create: "cannot be created"
    case .read: "cannot be read"
    case .write: "cannot be written"
    case .synchronise: "cannot be written to the disk"
    case .lock: "cannot be locked"
    case .replace: "cannot be replaced"
    case .remove: "cannot be removed"
    }
  }

  private func why(_ ink: Ink) -> String {
    switch cause {
    case .system(let number): SystemError(number).words
    case .notRegular: "it is not a regular file"
    case .notDirectory: "a part of the path is not a directory"
    case .linkedTwice: "it has a second hard link, through which others may change it"
    case .ofAnother(let user): "it belongs to another user (uid \(user))"
    case .openToOthers(let mode): "other users can access it (mode \(String(mode, radix: 8)))"
    case .folderOpenToOthers(let folder, let mode):
      "other users can rename files in \(ink.full(folder)) (mode \(String(mode, radix: 8)))"
    case .folderOfAnother(let folder, let owner):
      "\(ink.full(folder)) belongs to uid \(owner), neither root nor you, who can rename files in it"
    case .linkOfAnother(let link, let owner):
      "the link \(ink.full(link)) belongs to uid \(owner), neither root nor you, who can change it"
    case .linkToNothing(let path):
      "a link in the path points to \(ink.full(path)), which does not exist"
    case .tooLarge(let limit): "it is larger than \(limit) bytes"
    case .besideTheJournal: "a log must not be in a directory of the program's own files"
    case .notALog: "it contains something that is not a log"
    case .relative: "the path is not absolute"
    }
  }

  private func remedy(_ ink: Ink) -> String? {
    switch cause {
    case .system(let number): SystemError(number).remedy
    case .tooLarge: nil
    case .besideTheJournal, .notALog: "Name another file with --log."
    case .notRegular, .notDirectory, .linkedTwice: "Move it away and try again."
    case .ofAnother: "Use a path of your own."
    case .openToOthers: "chmod go= \(ink.full(path))"
    case .folderOpenToOthers(let folder, _): "chmod go-w \(ink.full(folder)), or use another path."
    case .folderOfAnother(let folder, _):
      "chown \(ink.full(folder)) to root or you, or use a path in directories of root or you."
    case .linkOfAnother: "Name the target itself, or recreate the link."
    case .linkToNothing: "Mount or create the link's target, or fix the link."
    case .relative: "Use an absolute path."
    }
  }
}
