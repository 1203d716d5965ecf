import Model
import TestSupport
import Testing
import Text
import Wire

@testable import HandshakeTUI

/// A document is read in pages, so that its first rows do not wait for its last ones.
@Suite struct DocumentPagesTests {
  private func handshakes(_ count: Int) throws -> [Handshake] {
    try (0..<count).map { number in
      var fixture = InvitationFixture()
      fixture.id = "h-" + String(0x1000_0000_0000 + number, radix: 16)
      return try fixture.make()
    }
  }

  private func service(_ handshakes: [Handshake], hasMore: Bool = false) throws -> DocumentService {
    try #require(
      DocumentService(
        SavedDocument(handshakes: handshakes, hasMore: hasMore), as: nil, clock: ManualTime()))
  }

  private func pages(_ service: DocumentService) async throws -> [[HandshakeID?]] {
    var pages: [[HandshakeID?]] = []
    var token: PageToken?
    repeat {
      let page = try await service.handshakes(Query(.received), page: token).value
      pages.append(page.handshakes.map(\.id))
      token = page.next
    } while token != nil && pages.count < 100
    return pages
  }

  @Test("Every handshake once, in the document's order")
  func all() async throws {
    let handshakes = try handshakes(4_500)
    let pages = try await pages(try service(handshakes))
    #expect(pages.map(\.count) == [2_000, 2_000, 500])
    #expect(pages.flatMap(\.self) == handshakes.map(\.id))
  }

  @Test(
    "A handshake that it does not contain is reported missing after all that it contains",
    arguments: [1, 2_000, 2_001])
  func gap(_ count: Int) async throws {
    let service = try service(try handshakes(count), hasMore: true)
    var told = 0
    var token: PageToken?
    await #expect(throws: BackendError.self) {
      for _ in 0..<10 {
        let page = try await service.handshakes(Query(.received), page: token).value
        told += page.handshakes.count
        token = page.next
        if token == nil { return }
      }
    }
    #expect(told == count)
  }
}
