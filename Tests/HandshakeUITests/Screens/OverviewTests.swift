import Drawing
import Model
import ReviewInbox
import TestSupport
import Testing
import Text

@testable import HandshakeUI

/// The cached overview of the accounts must be the present one in every frame.
@Suite struct OverviewTests {
  /// The screen without what was kept.
  private func afresh(_ state: State) -> Frame {
    var state = state
    state.overview = Overview()
    return view(state)
  }

  @Test("After each key and each reply the screen shows the present state of the accounts")
  func isCurrent() async throws {
    let world = try World.mockup()
    let stage = try await Stage.open(world, columns: 120, rows: 40)
    let interpreter = WorldInterpreter(world, trust: try Stage.trust())
    var state = State(Stage.launch(world, columns: 120, rows: 40))
    var messages: [Message] = [.started]
    var seen: Set<SourceSummary> = []
    while let message = messages.first {
      messages.removeFirst()
      let effects = update(&state, message)
      #expect(view(state) == afresh(state))
      state.prepareToDraw()
      #expect(view(state) == afresh(state))
      seen.insert(state.sourceSummary)
      for effect in effects {
        messages += await interpreter.perform(effect, at: world.time.uptime())
      }
    }
    #expect(view(state) == view(stage.session.state))
    #expect(seen.count > 3)
    #expect(!state.callers.isEmpty)
  }

  @Test("It is kept while nothing of the accounts changes, and a change of the scope replaces it")
  func isKept() async throws {
    let stage = try await Stage.open(columns: 120, rows: 40)
    var state = stage.session.state
    state.prepareToDraw()
    state.overview.callers = "kept"
    for key in [Key.down, .up, .character("/")] {
      _ = update(&state, .key(key, at: stage.session.uptime))
      #expect(state.callers == "kept")
    }
    state.scope = state.inbox.profiles.first?.account
    #expect(state.callers != "kept")
  }
}
