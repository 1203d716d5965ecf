import HandshakeUI
import Model
import TestSupport
import Testing
import Text

@testable import HandshakeTUI

@Suite("A plan that is kept when a session is cut off")
struct StagingStoreTests {
  private let place = ServicePlace(.local, at: Untrusted("/tmp/a b\n.sqlite"))
  private let kept: [StagedAnswer] = [
    ("h-examplehandshakeid111", Answer.accept), ("h-examplehandshakeid112", .decline),
  ].compactMap { text, answer in HandshakeID(text).map { StagedAnswer(id: $0, answer: answer) } }

  @Test("is there at the next start, once, and at its own place only")
  func roundTrip() throws {
    let directory = try TemporaryDirectory()
    let drafts = StagingStore(path: directory.path + "/state")
    #expect(drafts.kept(for: place).isEmpty)
    drafts.keep(kept, for: place)
    #expect(drafts.kept(for: place) == kept)
    #expect(drafts.kept(for: ServicePlace(.local, at: Untrusted("/tmp/other"))).isEmpty)
    drafts.keep([], for: place)
    #expect(drafts.kept(for: place).isEmpty)
  }

  @Test("a line that is not understood costs only itself")
  func damage() {
    var bytes = StagingStore.text(kept, for: place)
    bytes += Array("send h-1\naccept nonsense\n\u{FF}\u{1B}\ncancel h-examplehandshakeid113\n".utf8)
    #expect(StagingStore.read(bytes, for: place).map(\.answer) == [.accept, .decline, .cancel])
    #expect(
      StagingStore.read(Array("something else\naccept h-examplehandshakeid111\n".utf8), for: place)
        .isEmpty)
  }
}
