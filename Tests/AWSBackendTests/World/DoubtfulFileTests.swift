import Foundation
import Glibc
import Platform
import Synchronization
import TestSupport
import Testing

@testable import AWSBackend

@Suite("Other users who may change a file are found along its path", .serialized)
struct DoubtfulFileTests {
  private let directory: TemporaryDirectory
  private let files = SystemFiles()
  private var folder: String { directory.path + "/folder" }
  private var path: String { folder + "/config" }

  init() throws {
    directory = try TemporaryDirectory()
    try #require(mkdir(directory.path + "/folder", 0o700) == 0)
    try write("ours", to: directory.path + "/folder/config")
  }

  private func write(_ text: String, to path: String, mode: mode_t = 0o600) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    try #require(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
    try #require(fchmod(descriptor, mode) == 0)
  }

  private func doubt(_ path: String) throws -> PathDoubt? { try files.readJudged(path)?.doubt }

  @Test("a file of ours in folders of ours is nobody else's, through links and dots too")
  func ours() throws {
    try #require(symlink("folder", directory.path + "/link") == 0)
    try #require(symlink("../link/config", folder + "/again") == 0)
    for path in [
      path, folder + "/./config", folder + "/../folder//config", directory.path + "/link/config",
      directory.path + "/link/again",
    ] {
      let file = try #require(try files.readJudged(path))
      #expect(file.bytes == Array("ours".utf8))
      #expect(file.doubt == nil, "\(path)")
    }
  }

  @Test("a file, its folder, and the folders that links are in and lead through are all checked")
  func places() throws {
    let place = directory.path + "/place"
    try #require(mkdir(place, 0o700) == 0)
    try #require(symlink(path, place + "/file") == 0)
    try #require(symlink(place, directory.path + "/way") == 0)
    let far = directory.path + "/way/file"
    #expect(try doubt(far) == nil)
    for (target, mode) in [(path, mode_t(0o602)), (folder, 0o707), (place, 0o777)] {
      chmod(target, mode)
      #expect(try doubt(far) == PathDoubt(path: target, .mode(UInt32(mode))))
      chmod(target, target == path ? 0o600 : 0o700)
    }
    chmod(place, 0o1777)
    #expect(try doubt(far) == nil)
  }

  @Test(
    "an owner who is neither root nor we is reported, for a link and a sticky folder too",
    .enabled(if: geteuid() == 0))
  func owners() throws {
    let link = directory.path + "/link"
    try #require(symlink(path, link) == 0)
    try #require(lchown(link, 12_345, 0) == 0)
    #expect(try doubt(link) == PathDoubt(path: link, .owner(12_345)))
    chmod(folder, 0o1777)
    #expect(try doubt(path) == nil)
    // Its owner may still rename its entries.
    try #require(chown(folder, 12_345, 0) == 0)
    #expect(try doubt(path) == PathDoubt(path: folder, .owner(12_345)))
    try #require(chown(folder, 0, 0) == 0)
    try #require(chown(path, 12_345, 0) == 0)
    #expect(try doubt(path) == PathDoubt(path: path, .owner(12_345)))
  }

  @Test(
    "a path behind a link of /proc is checked like any other", .enabled(if: geteuid() == 0))
  func behindProc() throws {
    try #require(chown(folder, 12_345, 0) == 0)
    let way = "/proc/self/root" + path
    #expect(try doubt(way)?.kind == .owner(12_345))
    try #require(chown(folder, 0, 0) == 0)
    #expect(try doubt(way) == nil)
  }

  @Test("a missing file, a loop and a non-folder end the path")
  func ends() throws {
    try #require(symlink("circle", directory.path + "/circle") == 0)
    #expect(try files.readJudged(directory.path + "/none") == nil)
    #expect(try files.readJudged(path + "/below") == nil)
    #expect(try files.readJudged(path + "/") == nil)
    #expect(throws: AWSFileFault.self) { try files.readJudged(directory.path + "/circle") }
    #expect(throws: AWSFileFault.self) { try files.readJudged(folder) }
    #expect(try files.readJudged("/dev/null")?.doubt == nil)
  }

  @Test("a file that is swapped while it is read is never taken for one of ours")
  func race() throws {
    let evil = directory.path + "/evil"
    try #require(mkdir(evil, 0o777) == 0)
    chmod(evil, 0o777)
    try write("evil", to: evil + "/config")
    let (good, link) = (folder, directory.path + "/now")
    try #require(symlink(good, link) == 0)
    let files = directory.path + "/files"
    try #require(mkdir(files, 0o700) == 0)
    try write("ours", to: files + "/config")
    try write("evil", to: directory.path + "/open", mode: 0o666)
    let swapping = Swapping()
    let (open, spare) = (directory.path + "/open", directory.path + "/spare")
    Thread.detachNewThread {
      func exchange(_ one: String, _ other: String) {
        rename(one, spare)
        rename(other, one)
        rename(spare, other)
      }
      var turn = 0
      while !swapping.isOver.withLock({ $0 }) {
        turn += 1
        // The folder behind a link, a folder itself, and a file.
        symlink(turn.isMultiple(of: 2) ? good : evil, link + ".new")
        rename(link + ".new", link)
        exchange(good, evil)
        exchange(files + "/config", open)
      }
      swapping.hasEnded.withLock { $0 = true }
    }
    defer {
      swapping.isOver.withLock { $0 = true }
      while !swapping.hasEnded.withLock({ $0 }) { usleep(1_000) }
    }
    var seen: Set<String> = []
    for turn in 0..<20_000 where turn < 4_000 || seen.count < 2 {
      let path = [link, good, files][turn % 3] + "/config"
      // Missing for a moment, or replaced.
      guard let file = try? self.files.readJudged(path) else { continue }
      let text = String(decoding: file.bytes, as: UTF8.self)
      seen.insert(text)
      #expect(text == "ours" || file.doubt != nil, "turn \(turn)")
    }
    #expect(seen == ["ours", "evil"])
  }
}

private final class Swapping: Sendable {
  let isOver = Mutex(false)
  let hasEnded = Mutex(false)
}
