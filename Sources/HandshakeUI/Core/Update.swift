import Drawing
import Model
import ReviewAnswering

/// Applies a message to the state and returns the effects; the only place where state changes.
public func update(_ state: inout State, _ message: Message) -> [Effect] {
  if state.isOver { return [] }
  let effects = state.take(message)
  return effects + state.showQuestion()
}

extension State {
  fileprivate mutating func take(_ message: Message) -> [Effect] {
    switch message {
    case .started: return start()
    case .key(let key, let uptime):
      pass(to: uptime)
      return press(key)
    case .pasted(let text, let uptime):
      pass(to: uptime)
      return paste(text)
    case .stray(let uptime, let mayBeEscape):
      pass(to: uptime)
      if mayBeEscape, case .sending(let sending) = dialog { return stopEarly(sending) }
      return confirmOpenReview(.stray)
    case .pasteBegan(let uptime):
      pass(to: uptime)
      return confirmOpenReview(.pasteBegan)
    case .pasteAbandoned(let uptime):
      pass(to: uptime)
      return closeReview("incomplete paste: review closed, nothing sent")
    case .resized(let size):
      return resize(to: size)
    case .ticked(let uptime, let isSeen):
      pass(to: uptime)
      return tick(isSeen: isSeen)
    case .resumed(let uptime):
      pass(to: uptime)
      return resume()
    case .terminalLost: return loseTerminal()
    case .identityRead(_, _, let uptime), .pageRead(_, _, let uptime),
      .handshakeRead(_, _, let uptime), .runTold(_, _, let uptime),
      .profileResolved(_, _, let uptime),
      .loginInvited(_, let uptime), .loginEnded(_, _, let uptime), .codeAsked(_, let uptime),
      .codeWithdrawn(_, let uptime):
      pass(to: uptime)
      return takeReply(message)
    case .trustRead, .journalRead, .lettersDrawn, .reconciled, .written:
      return takeReply(message)
    }
  }
}

extension State {
  fileprivate mutating func takeReply(_ message: Message) -> [Effect] {
    defer { endRefresh() }
    return handle(message)
  }

  private mutating func handle(_ message: Message) -> [Effect] {
    switch message {
    case .identityRead(let token, let reply, _): identityRead(token, reply)
    case .pageRead(let token, let reply, _): pageRead(token, reply)
    case .handshakeRead(let token, let reply, _): handshakeRead(token, reply)
    case .profileResolved(let token, let reply, _): profileResolved(token, reply)
    case .loginInvited(let invitation, _): loginInvited(invitation)
    case .loginEnded(let token, let result, _): loginEnded(token, result)
    case .codeAsked(let request, _): ask(request)
    case .codeWithdrawn(let number, _): withdraw(number)
    case .trustRead(let token, let reading): trustRead(token, reading)
    case .journalRead(let token, let reading): journalRead(token, reading)
    case .lettersDrawn(let token, let letters): lettersDrawn(token, letters)
    case .runTold(let token, let news, _): runTold(token, news)
    case .reconciled(let token, let findings): reconciled(token, findings)
    case .written(let token, let result): written(token, result)
    case .started, .key, .pasted, .stray, .pasteBegan, .pasteAbandoned, .resized, .ticked, .resumed,
      .terminalLost:
      []
    }
  }

  /// Advances the monotonic clock, which never goes back.
  fileprivate mutating func pass(to uptime: Span) { self.uptime = max(self.uptime, uptime) }

  fileprivate mutating func resize(to size: Size) -> [Effect] {
    holdFocus()
    self.size = size
    lists[tab].screenLine = min(lists[tab].screenLine, max(0, layout.listRows - 1))
    return hasRoom ? seeReview() : stopGrace()
  }

  /// Handles a continuation: data may be out of date, and what was typed belongs to the screen
  /// before.
  fileprivate mutating func resume() -> [Effect] {
    [.redraw] + closeReview("the program was suspended: review closed, nothing sent")
      + (requests.contains(where: { $0 == .run }) ? [] : refreshAll())
  }

  /// Handles the loss of the terminal; the plan is kept for the next start, unconfirmed.
  fileprivate mutating func loseTerminal() -> [Effect] {
    quit.isOver = true
    let kept = plan.items.map { StagedAnswer(id: $0.id, answer: $0.answer) }
    let stopping = stopRun(.now)
    dialog = nil
    return stopping + [.keepPlan(kept), .quit]
  }
}

/// Returns the whole screen for a state, in the state's size.
public func view(_ state: State) -> Frame {
  var state = state
  state.prepareToDraw()
  var canvas = Canvas(state.size, state.launch.charset)
  guard state.hasRoom else {
    TooSmallView(state: state).draw(&canvas)
    return canvas.frame
  }
  HeaderView(state: state).draw(&canvas)
  if case .review(let review) = state.dialog, review.isAlone {
    // Nothing on the screen may name the organization that the operator has to type.
  } else if state.detail != nil {
    DetailView(state: state).draw(&canvas)
  } else {
    ListScreen(state: state).draw(&canvas)
  }
  state.drawDialog(&canvas)
  return canvas.frame
}
