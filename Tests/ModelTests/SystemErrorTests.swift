import Glibc
import Model
import Testing

@Suite("System errors") struct SystemErrorTests {
  @Test(
    "the numbers are those of this system",
    arguments: [
      (ENOLCK, "file locks"), (EDQUOT, "quota"), (EROFS, "read-only"), (EMFILE, "too many open"),
      (ENFILE, "too many open"), (ENOSPC, "space"), (EFBIG, "file size"), (EACCES, "permission"),
      (ESTALE, "stale"), (EIO, "input/output"), (EOPNOTSUPP, "does not support"),
      (ENAMETOOLONG, "too long"), (ETIMEDOUT, "timed out"), (EHOSTDOWN, "down"),
      (ENOTCONN, "not connected"), (EILSEQ, "UTF-8"), (EADDRINUSE, "in use"),
    ] as [(Int32, String)])
  func numbers(_ number: Int32, _ word: String) {
    #expect(SystemError(number).words.contains(word))
  }

  @Test("each cause has a remedy of its own")
  func remedies() {
    let causes = [ENOLCK, EDQUOT, EROFS, EMFILE, ENFILE, ENOSPC, EFBIG, EIO].map {
      SystemError($0).remedy
    }
    #expect(!causes.contains(nil))
    #expect(Set(causes).count == causes.count)
  }

  @Test("every error of this system has a text")
  func words() {
    for number in Int32(1)...133 {
      let words = SystemError(number).words
      #expect(!words.isEmpty && !words.contains("errno"))
    }
  }
}
