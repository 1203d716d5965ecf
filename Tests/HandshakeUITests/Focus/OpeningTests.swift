import Drawing
import Model
import ReviewAnswering
import ReviewInbox
import TestSupport
import Testing
import Text

@testable import HandshakeUI

/// A handshake that is named at the start opens when it is known, and takes no keys that are meant
/// for something else.
@Suite struct OpeningTests {
  private let id = HandshakeID("h-222200001111aaaa")

  /// An interface in which every page of the listings is still on its way.
  private func reading() async throws -> (Interface, WorldInterpreter, [Message]) {
    let world = try World.mockup()
    let interpreter = WorldInterpreter(world, trust: try Stage.trust())
    var interface = Interface(Stage.launch(world) { $0.opening = id })
    let pages = await answer([.started], &interface, interpreter) { message in
      if case .pageRead = message { true } else { false }
    }
    return (interface, interpreter, pages)
  }

  /// Applies messages and the replies to their effects, but for those that are held back.
  private func answer(
    _ messages: [Message], _ interface: inout Interface, _ interpreter: WorldInterpreter,
    holding isHeld: (Message) -> Bool = { _ in false }
  ) async -> [Message] {
    var (queue, held) = (messages, [Message]())
    while !queue.isEmpty {
      let message = queue.removeFirst()
      if isHeld(message) {
        held.append(message)
        continue
      }
      for effect in update(&interface, message) {
        queue += await interpreter.perform(effect, at: interface.uptime)
      }
    }
    return held
  }

  private func press(_ keys: String, _ interface: inout Interface) {
    for key in Keyboard.keys(keys) { _ = update(&interface, .key(key, at: interface.uptime)) }
  }

  @Test("it opens as soon as it is read")
  func opens() async throws {
    var (interface, interpreter, pages) = try await reading()
    #expect(interface.context == .list)
    _ = await answer(pages, &interface, interpreter)
    #expect(interface.context == .detail)
    #expect(interface.focusedRow?.id == id)
  }

  @Test("a filter that is being typed gets its letters, and the handshake opens afterwards")
  func whileTyping() async throws {
    var (interface, interpreter, pages) = try await reading()
    press("/a", &interface)
    _ = await answer(pages, &interface, interpreter)
    press("dx", &interface)
    #expect(interface.field?.text == "adx")
    #expect(interface.plan.isEmpty)
    press("<Esc>", &interface)
    #expect(interface.context == .detail)
  }

  @Test("an open dialog keeps its keys, and the handshake opens when it is closed")
  func underDialog() async throws {
    var (interface, interpreter, pages) = try await reading()
    press(":", &interface)
    _ = await answer(pages, &interface, interpreter)
    #expect(interface.context == .palette)
    press("<Esc>", &interface)
    #expect(interface.context == .detail)
  }
}
