import CLinux
import Drawing
import Glibc
import HandshakeUI
import Model
import Synchronization

/// What reaches the loop from other threads.
enum LoopPost: Sendable {
  case message(Message)
  case signal(Int32)
  /// A program wants the terminal; told when it has it.
  case terminalWanted(@Sendable () -> Void)
  case terminalReturned
}

/// How the screens ended.
enum LoopEnding: Equatable {
  case quit
  case signal(Int32)
  /// The terminal is gone.
  case terminalLost

  /// What the process ends with.
  var number: Int32 {
    switch self {
    case .quit: 0
    case .signal(let number): 128 + number
    case .terminalLost: 128 + SIGHUP
    }
  }
}

/// Waits, updates, draws: on the main thread, until the end. The only place that calls `update` and
/// `view` while the screens are up.
struct EventLoop: ~Copyable {
  /// Changes that come within this long of each other are drawn together.
  private static let coalescing = Span(milliseconds: 40)
  /// A new size means that every cell is painted: not more often than this.
  private static let resizing = Span(milliseconds: 120)
  /// A difference between the clocks with and without sleep beyond which the machine has slept.
  private static let nap = Span.seconds(5)

  private(set) var state: HandshakeUI.State
  private var terminal: Terminal
  private let mailbox: Mailbox<LoopPost>
  private let time: any TimeSource
  private let start: (Effect) -> Void
  private var ending: LoopEnding?
  /// The terminal is not ours: the program was stopped, or it is lent.
  private var isStopped = false
  private var isLent = false
  private var lastResume = Span(milliseconds: .min)
  private var lastTick = Span(milliseconds: .min)
  private var slept = Span.zero
  /// When the terminal's size may be taken over; nil while it is known.
  private var resizeDue: Span?
  private var lastResize: Span?
  /// Typed before the dialog that now stands there: not meant for it.
  private var dropsInput = false
  private var flushesAfterDrawing = false
  /// Readable when SIGCONT has come. Read here and not by `SignalWatch`'s thread, which may be late.
  private let continued = cl_signals_open([SIGCONT], 1)
  /// While a confirmation is typed it decides itself what came too fast; only more keys in one read than
  /// it can hold are made one text first.
  private static let confirmationLimit = 64

  init(
    _ state: HandshakeUI.State, on terminal: consuming Terminal, mailbox: Mailbox<LoopPost>,
    time: any TimeSource, start: @escaping (Effect) -> Void
  ) {
    self.state = state
    self.terminal = terminal
    self.mailbox = mailbox
    self.time = time
    self.start = start
    slept = Self.sleepTime()
  }

  /// Returns when the screens are to go down; dropping the loop takes them down.
  mutating func run() -> LoopEnding {
    apply(.started)
    while true {
      if let ending { return ending }
      draw()
      let burst = time.uptime() + Self.coalescing
      wait(timeout: pollTimeout())
      while ending == nil, time.uptime() < burst, isMoreWaiting() { wait(timeout: 0) }
    }
  }

  private mutating func draw() {
    guard !isStopped else { return }
    state.prepareToDraw()
    let frame = view(state)
    if frame != terminal.drawn { terminal.present(frame) }
    if flushesAfterDrawing {
      // What was typed while a slow link still showed the screen before.
      terminal.flushInput(at: time.uptime())
      flushesAfterDrawing = false
    }
  }

  private mutating func wait(timeout: Int32) {
    var sources = [
      pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0),
      // A stopped program reads nothing: the keys are the shell's.
      pollfd(fd: isStopped ? -1 : terminal.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: continued, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&sources, nfds_t(sources.count), timeout) >= 0 else { return }
    noticeSleep()
    if sources[0].revents != 0 { takeMail() }
    noticeContinuation()
    if ending == nil, !isStopped, sources[1].revents != 0 { takeInput() }
    settle()
  }

  /// Hears that the program was stopped and goes on, before anything that was read since.
  /// (SEC-4.3.5)
  private mutating func noticeContinuation() {
    if ending == nil, cl_signals_next(continued, 0) == SIGCONT { goOn() }
  }

  private func isMoreWaiting() -> Bool {
    var sources = [
      pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: isStopped ? -1 : terminal.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: continued, events: Int16(POLLIN), revents: 0),
    ]
    return poll(&sources, nfds_t(sources.count), 0) > 0
  }

  /// For ever, unless the state or a half-read key asks for a look at the clock.
  private func pollTimeout() -> Int32 {
    let now = time.uptime()
    // A tick that changes nothing must not make the loop spin.
    let tick = state.nextTick.map { max($0, lastTick + Span(milliseconds: 50)) }
    let deadlines = isStopped ? [tick] : [tick, terminal.decoder.deadline, resizeDue]
    guard let next = deadlines.compactMap(\.self).min() else { return -1 }
    return Int32(clamping: max(0, (next - now).milliseconds))
  }
}

// MARK: - What comes in

extension EventLoop {
  private mutating func takeMail() {
    var isResized = false
    for post in mailbox.take() {
      switch post {
      case .message(let message): apply(message)
      case .signal(SIGWINCH): isResized = true
      case .signal(SIGTSTP): if !isStopped { stop() }
      case .terminalWanted(let grant):
        lend()
        grant()
      case .terminalReturned:
        isLent = false
        goOn()
      case .signal(let number):
        end(.signal(number))
        return
      }
    }
    guard isResized, !isStopped, resizeDue == nil else { return }
    let now = time.uptime()
    resizeDue = lastResize.map { max($0 + Self.resizing, now) } ?? now
  }

  private mutating func takeSize(at now: Span) {
    resizeDue = nil
    lastResize = now
    apply(.resized(terminal.resize()))
  }

  private mutating func takeInput() {
    let now = time.uptime()
    let limit = state.isConfirming ? Self.confirmationLimit : PasteGuess.limit
    guard case .inputs(let inputs) = terminal.read(at: now, pasteLimit: limit) else {
      end(.terminalLost)
      return
    }
    noticeContinuation()
    take(inputs, at: now)
  }

  private mutating func take(_ inputs: [TerminalInput], at now: Span) {
    dropsInput = false
    for (index, input) in inputs.enumerated() where ending == nil && !dropsInput && !isStopped {
      switch input {
      // What was read together with the Enter that confirms was pressed, or sent, before anything could
      // be shown of it: it stops what the Enter would do.
      case .key(.enter)
      where state.isOneEnterFromSending && inputs[(index + 1)...].contains { $0 != input }:
        apply(.stray(at: now))
      case .key(let key): apply(.key(key, at: now))
      case .stray: apply(.stray(at: now, mayBeEscape: terminal.decoder.mayBeEscape))
      case .pasteBegan: apply(.pasteBegan(at: now))
      case .pasted(let text): apply(.pasted(text, at: now))
      case .pasteAbandoned: apply(.pasteAbandoned(at: now))
      }
    }
  }

  private mutating func settle() {
    guard ending == nil, !isStopped else { return }
    let now = time.uptime()
    if let resizeDue, resizeDue <= now { takeSize(at: now) }
    take(terminal.decoder.settle(at: now), at: now)
    if let next = state.nextTick, next <= now, lastTick + Span(milliseconds: 50) <= now {
      // A key that was pressed before the time was up is heard before it, although it is read after.
      guard !terminal.isInputWaiting else { return }
      noticeContinuation()
      lastTick = now
      // The clock once more: the program may have been stopped since it was read.
      apply(.ticked(at: time.uptime(), isSeen: terminal.takesOutput))
    }
  }

  /// What was on the screen before the machine slept is old, whatever the clock of `poll` says.
  private mutating func noticeSleep() {
    let total = Self.sleepTime()
    guard total - slept > Self.nap else { return }
    slept = total
    apply(.resumed(at: time.uptime()))
  }

  private static func sleepTime() -> Span {
    var withSleep = timespec()
    var without = timespec()
    clock_gettime(CLOCK_BOOTTIME, &withSleep)
    clock_gettime(CLOCK_MONOTONIC, &without)
    return .seconds(Int64(withSleep.tv_sec - without.tv_sec))
  }
}

// MARK: - What goes out

extension EventLoop {
  private mutating func apply(_ message: Message) {
    for effect in update(&state, message) {
      switch effect {
      case .flushInput:
        terminal.flushInput(at: time.uptime())
        dropsInput = true
        flushesAfterDrawing = true
      case .copy(let token, let text):
        let result: WriteResult =
          terminal.copy(text) ? .done("(OSC 52)") : .failed("longer than 8 KiB; export it instead")
        mailbox.post(.message(.written(token, result)))
      case .redraw: terminal.repaint()
      case .suspend: stop()
      case .quit: ending = ending ?? .quit
      default: start(effect)
      }
    }
  }

  private mutating func end(_ how: LoopEnding) {
    guard ending == nil else { return }
    apply(.terminalLost)
    ending = how
  }

  /// Goes on when SIGCONT has been read (`noticeContinuation`): see `cn_stop_job`.
  private mutating func stop() {
    guard !isStopped else { return }
    isStopped = true
    terminal.stopJob()
  }

  /// Gives the terminal back without stopping: the screens are drawn anew when it is returned.
  private mutating func lend() {
    isLent = true
    guard !isStopped else { return }
    isStopped = true
    terminal.leave()
  }

  private mutating func goOn() {
    guard !isLent else { return }
    let now = time.uptime()
    // The kernel's SIGCONT and our own come as two when the thread was quick.
    guard isStopped || now - lastResume > Span(milliseconds: 200) else { return }
    isStopped = false
    lastResume = now
    terminal.enter()
    takeSize(at: now)
    apply(.resumed(at: now))
  }
}

/// Where every thread leaves what the loop should know. Any thread posts; the loop alone takes.
final class Mailbox<Item: Sendable>: Sendable {
  /// Readable while something waits.
  let descriptor: Int32
  private let items = Mutex<[Item]>([])

  init() throws(TerminalFault) {
    descriptor = cl_event_open()
    guard descriptor >= 0 else { throw .failed(call: "eventfd", errno: errno) }
  }

  deinit { close(descriptor) }

  /// Wakes the loop when nothing waited before.
  func post(_ item: Item) {
    let isFirst = items.withLock { items in
      items.append(item)
      return items.count == 1
    }
    if isFirst { cl_event_raise(descriptor) }
  }

  /// Everything that waits, in the order of posting.
  func take() -> [Item] {
    // The event before the items: a post in between wakes once too often rather than never.
    cl_event_clear(descriptor)
    return items.withLock { items in
      defer { items = [] }
      return items
    }
  }
}
