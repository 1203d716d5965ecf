import Glibc
import Model
import TestSupport
import Testing
import Text

@testable import HandshakeTUI

@Suite("The read-only marker fails closed (SEC-4.1.7)") struct ReadOnlyMarkerTests {
  private let home: TemporaryDirectory
  private var folder: String { home.path + "/handshake" }

  init() throws { home = try TemporaryDirectory() }

  @Test("the marker is ignored only where it is certainly missing")
  func missing() {
    #expect(ReadOnlyMarker.origin(in: folder) == nil)
    mkdir(folder, 0o700)
    #expect(ReadOnlyMarker.origin(in: folder) == nil)
    mkdir(folder + "/read-only", 0o700)
    #expect(ReadOnlyMarker.origin(in: folder) == .marker(path: folder + "/read-only"))
  }

  @Test("a dangling link is a marker")
  func link() {
    mkdir(folder, 0o700)
    symlink("nothing", folder + "/read-only")
    #expect(ReadOnlyMarker.origin(in: folder) == .marker(path: folder + "/read-only"))
  }

  @Test("a file in place of the folder, a loop, a long name and a dangling link may hide one")
  func hidden() throws {
    func expectHidden(_ folder: String, _ number: Int32) {
      #expect(
        ReadOnlyMarker.origin(in: folder)
          == .hiddenMarker(path: folder + "/read-only", errno: number))
    }
    close(open(home.path + "/file", O_WRONLY | O_CREAT, 0o600))
    expectHidden(home.path + "/file", ENOTDIR)
    symlink("circle", home.path + "/circle")
    expectHidden(home.path + "/circle", ELOOP)
    expectHidden(home.path + "/" + String(repeating: "a", count: 300), ENAMETOOLONG)
    symlink("/nowhere/at/all", home.path + "/gone")
    expectHidden(home.path + "/gone", ENOENT)
    expectHidden(home.path + "/gone/below/it", ENOENT)
  }

  @Test("it gives the reason")
  func words() {
    let origin = Origin.hiddenMarker(path: "/c/read-only", errno: EACCES)
    #expect(
      origin.text(Formatter(charset: .ascii)) == "/c/read-only cannot be checked: permission denied"
    )
  }
}
