import HandshakeUI
import Model
import Synchronization
import TestSupport
import Testing
import Text

@testable import HandshakeTUI

/// Questions of a backend to a person, while the screens are open.
@Suite struct ScreenDialogueTests {
  private final class Numbers: Sendable {
    let all = Mutex<[Int]>([])
  }

  private final class Posted: Sendable {
    let messages = Mutex<[Message]>([])

    func post(_ message: Message) { messages.withLock { $0.append(message) } }
    var all: [Message] { messages.withLock(\.self) }

    /// The number of the requested code, once there is one.
    func asked() async -> Int {
      while true {
        for message in all {
          if case .codeAsked(let request, _) = message { return request.number }
        }
        await Task.yield()
      }
    }
  }

  private let posted = Posted()
  private let dialogue: ScreenDialogue

  init() {
    let posted = posted
    dialogue = ScreenDialogue(time: ManualTime()) { posted.post($0) }
  }

  private func ask() -> Task<OneTimeCode?, Never> {
    let dialogue = dialogue
    return Task {
      await dialogue.oneTimeCode(device: Untrusted("device"), profile: Untrusted("ops"))
    }
  }

  @Test("a typed code reaches its requester, once")
  func typed() async {
    let code = OneTimeCode("123456")
    let asking = ask()
    let number = await posted.asked()
    dialogue.answer(number, code)
    dialogue.answer(number, nil)
    #expect(await asking.value == code)
  }

  @Test("no code is an answer too")
  func none() async {
    let asking = ask()
    dialogue.answer(await posted.asked(), nil)
    #expect(await asking.value == nil)
  }

  @Test("a cancelled request gets nothing, and its question is withdrawn")
  func givenUp() async {
    let asking = ask()
    let number = await posted.asked()
    asking.cancel()
    #expect(await asking.value == nil)
    #expect(posted.all.last == .codeWithdrawn(number, at: ManualTime().uptime()))
    dialogue.answer(number, OneTimeCode("123456"))
  }

  @Test("the terminal is lent for a requested login, and for no other")
  func lending() async {
    let news = Mutex<[String]>([])
    let note: @Sendable (String) -> Void = { text in news.withLock { $0.append(text) } }
    let dialogue = ScreenDialogue(
      time: ManualTime(),
      loop: { post in
        switch post {
        case .terminalWanted(let grant):
          note("down")
          grant()
        case .terminalReturned: note("up")
        case .message, .signal: note("other")
        }
      }, post: { _ in })
    let ops = Untrusted("ops")
    func lend(_ profile: Untrusted) async -> TerminalLoan {
      await dialogue.lendTerminal(for: profile) { loan in
        note("program")
        return loan
      }
    }
    #expect(await lend(ops) == .none)
    #expect(await dialogue.attend(ops) { await lend(Untrusted("other")) } == .none)
    #expect(await dialogue.attend(ops) { await lend(ops) } == .whole)
    #expect(await lend(ops) == .none)
    #expect(news.withLock(\.self) == ["program", "program", "down", "program", "up", "program"])
  }

  @Test("two requests for the terminal get it one after the other")
  func turns() async {
    let turn = TerminalTurn()
    let news = Numbers()
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<20 {
        group.addTask {
          await turn.take()
          news.all.withLock { $0.append(number) }
          await Task.yield()
          news.all.withLock { $0.append(number) }
          turn.leave()
        }
      }
    }
    let all = news.all.withLock(\.self)
    #expect(all.count == 40)
    #expect(stride(from: 0, to: all.count, by: 2).allSatisfy { all[$0] == all[$0 + 1] })
  }

  @Test("a request that was cancelled before it began does not ask")
  func givenUpBefore() async {
    let dialogue = dialogue
    let asking = Task {
      while !Task.isCancelled { await Task.yield() }
      return await dialogue.oneTimeCode(device: Untrusted("device"), profile: Untrusted("ops"))
    }
    asking.cancel()
    #expect(await asking.value == nil)
    #expect(posted.all == [])
  }
}
