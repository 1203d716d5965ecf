import Model
import Text

extension FileError {
  func failure(_ ink: Ink) -> CommandFailure {
    CommandFailure(.failed, "\(ink.full(path)) \(verb)", why: why(ink), remedy: remedy(ink))
  }

  private var verb: String {
    switch doing {
    case .open: "cannot be used"
    case .create: "cannot be made"
    case .read: "cannot be read"
    case .write: "cannot be written"
    case .synchronise: "cannot be brought to the disk"
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
    case .linkedTwice: "it has a second name, through which somebody else may change it"
    case .ofAnother(let user): "it belongs to another user (uid \(user))"
    case .openToOthers(let mode): "other users may reach it (mode \(String(mode, radix: 8)))"
    case .folderOpenToOthers(let folder, let mode):
      "other users may rename what lies in \(ink.full(folder)) (mode \(String(mode, radix: 8)))"
    case .folderOfAnother(let folder, let owner):
      "\(ink.full(folder)) belongs to uid \(owner), neither root nor you, who may rename what lies in it"
    case .linkOfAnother(let link, let owner):
      "the link \(ink.full(link)) belongs to uid \(owner), neither root nor you, who may change it"
    case .linkToNothing(let path):
      "a link on the way leads to \(ink.full(path)), which is not there"
    case .tooLarge(let limit): "it is larger than \(limit) bytes"
    case .besideTheJournal: "a log does not lie among the journal and the program's other files"
    case .notALog: "there is something in it that is no log"
    case .relative: "the path is not absolute"
    }
  }

  private func remedy(_ ink: Ink) -> String? {
    switch cause {
    case .system(let number): SystemError(number).remedy
    case .tooLarge: nil
    case .besideTheJournal, .notALog: "Give --log another file."
    case .notRegular, .notDirectory, .linkedTwice: "Put it away and try again."
    case .ofAnother: "Use a place of your own."
    case .openToOthers: "chmod go= \(ink.full(path))"
    case .folderOpenToOthers(let folder, _): "chmod go-w \(ink.full(folder)), or use another place."
    case .folderOfAnother(let folder, _):
      "chown \(ink.full(folder)) to root or to you, or use a place below folders that are root's or yours."
    case .linkOfAnother: "Name the place itself, or make the link anew."
    case .linkToNothing: "Mount or make what the link leads to, or mend the link."
    case .relative: "Give the whole path."
    }
  }
}
