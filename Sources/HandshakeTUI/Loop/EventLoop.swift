import CLinux
import Drawing
import Glibc
import HandshakeUI
import Model
import Synchronization
import Terminal

/// A post from another thread to the loop.
enum LoopPost: Sendable {
  case message(Message)
  case signal(Int32)
  /// A program wants the terminal; the closure is called once the terminal is free.
  case terminalWanted(@Sendable () -> Void)
  case terminalReturned
}

/// The reason that the screens ended.
enum LoopEnding: Equatable {
  case quit
  case signal(Int32)
  /// The terminal is closed.
  case terminalLost

  /// The exit status: 0 for a quit, 128 and the signal's number otherwise (SIGHUP for a lost
  /// terminal).
  var number: Int32 {
    switch self {
    case .quit: 0
    case .signal(let number): 128 + number
    case .terminalLost: 128 + SIGHUP
    }
  }
}

/// The loop on the main thread that waits, updates and draws until the screens end.
///
/// It is the only caller of `update` and `view` while the screens are shown.
struct EventLoop: ~Copyable {
  /// The time within which changes are drawn together.
  private static let coalescing = Span(milliseconds: 40)
  /// The shortest time between two resizes, because each one paints every cell.
  private static let resizing = Span(milliseconds: 120)
  /// The difference between the clocks with and without sleep that means that the machine slept.
  private static let nap = Span.seconds(5)

  private(set) var interface: Interface
  private var terminal: CursesTerminal
  private let mailbox: Mailbox<LoopPost>
  private let time: any TimeSource
  private let start: (Effect) -> Void
  private var ending: LoopEnding?
  /// Whether the screens are off: the program was stopped, or its terminal is lent.
  private var isStopped = false
  private var isLent = false
  private var lastResume = Span(milliseconds: .min)
  private var lastTick = Span(milliseconds: .min)
  private var slept = Span.zero
  /// The time to adopt the terminal's new size; nil when there is no new size.
  private var resizeDue: Span?
  private var lastResize: Span?
  /// Whether the rest of a read is dropped, because it was typed before the current dialog opened.
  private var dropsInput = false
  private var flushesAfterDrawing = false
  /// A descriptor that is readable after SIGCONT; read here because `SignalWatch`'s thread may be
  /// late.
  private let continued = cl_signals_open([SIGCONT], 1)
  /// The paste limit while a confirmation is typed.
  ///
  /// A confirmation judges the speed of its keys itself; only more keys in one read than it can
  /// hold are joined to one text first.
  private static let confirmationLimit = 64

  init(
    _ interface: Interface, on terminal: consuming CursesTerminal, mailbox: Mailbox<LoopPost>,
    time: any TimeSource, start: @escaping (Effect) -> Void
  ) {
    self.interface = interface
    self.terminal = terminal
    self.mailbox = mailbox
    self.time = time
    self.start = start
    slept = Self.sleepTime()
  }

  /// Runs until the screens end and returns why; dropping the loop then restores the terminal.
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
    interface.prepareToDraw()
    let frame = view(interface)
    if frame != terminal.drawn { terminal.present(frame) }
    if flushesAfterDrawing {
      // Drop what was typed while a slow link still showed the previous screen.
      terminal.flushInput(at: time.uptime())
      flushesAfterDrawing = false
    }
  }

  private mutating func wait(timeout: Int32) {
    var sources = [
      pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0),
      // A stopped program reads nothing: the keys belong to the shell.
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

  /// Notices that the program was stopped and continued, before input read since then is handled.
  ///
  /// SEC-4.3.5 requires that order.
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

  /// Returns the milliseconds until the state or a half-read key needs the clock; -1 without such a
  /// time.
  private func pollTimeout() -> Int32 {
    let now = time.uptime()
    // A tick that changes nothing must not make the loop spin.
    let tick = interface.nextTick.map { max($0, lastTick + Span(milliseconds: 50)) }
    let deadlines = isStopped ? [tick] : [tick, terminal.decoder.deadline, resizeDue]
    guard let next = deadlines.compactMap(\.self).min() else { return -1 }
    return Int32(clamping: max(0, (next - now).milliseconds))
  }
}

// MARK: - Input

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
    let limit = interface.isConfirming ? Self.confirmationLimit : PasteDetector.limit
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
      // Input read together with the confirming Enter was pressed, or sent, before the operator
      // could see its effect: it cancels what the Enter would do.
      case .key(.enter)
      where interface.isOneEnterFromSending && inputs[(index + 1)...].contains { $0 != input }:
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
    if let next = interface.nextTick, next <= now, lastTick + Span(milliseconds: 50) <= now {
      // A key pressed before the time was up counts before it, although it is read later.
      guard !terminal.isInputWaiting else { return }
      noticeContinuation()
      lastTick = now
      // Read the clock again: the program may have been stopped in between.
      apply(.ticked(at: time.uptime(), isSeen: terminal.takesOutput))
    }
  }

  /// Reports a resume after the machine slept, because the shown data is old; `poll` may not
  /// notice.
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

// MARK: - Effects and the terminal

extension EventLoop {
  private mutating func apply(_ message: Message) {
    for effect in update(&interface, message) {
      switch effect {
      case .flushInput:
        terminal.flushInput(at: time.uptime())
        dropsInput = true
        flushesAfterDrawing = true
      case .copy(let token, let text):
        let result: FileResult =
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

  /// Stops the job; it continues when SIGCONT has been read (`noticeContinuation`, `cn_stop_job`).
  private mutating func stop() {
    guard !isStopped else { return }
    isStopped = true
    terminal.stopJob()
  }

  /// Returns the terminal without stopping the job; the screens are redrawn when it comes back.
  private mutating func lend() {
    isLent = true
    guard !isStopped else { return }
    isStopped = true
    terminal.leave()
  }

  private mutating func goOn() {
    guard !isLent else { return }
    let now = time.uptime()
    // The kernel's SIGCONT and our own are two signals when the thread was quick.
    guard isStopped || now - lastResume > Span(milliseconds: 200) else { return }
    isStopped = false
    lastResume = now
    terminal.enter()
    takeSize(at: now)
    apply(.resumed(at: now))
  }
}

/// The queue of posts to the loop: any thread posts, only the loop takes.
final class Mailbox<Item: Sendable>: Sendable {
  /// A descriptor that is readable while a post waits.
  let descriptor: Int32
  private let items = Mutex<[Item]>([])

  /// Creates an empty mailbox.
  ///
  /// - Throws: `TerminalFault.failed` when the event descriptor cannot be created.
  init() throws(TerminalFault) {
    descriptor = cl_event_open()
    guard descriptor >= 0 else { throw .failed(call: "eventfd", errno: errno) }
  }

  deinit { close(descriptor) }

  /// Appends an item, and wakes the loop if the mailbox was empty.
  func post(_ item: Item) {
    let isFirst = items.withLock { items in
      items.append(item)
      return items.count == 1
    }
    if isFirst { cl_event_raise(descriptor) }
  }

  /// Removes and returns all items, in the order of posting.
  func take() -> [Item] {
    // Clear the event before taking the items: a post in between wakes the loop once too often
    // rather than never.
    cl_event_clear(descriptor)
    return items.withLock { items in
      defer { items = [] }
      return items
    }
  }
}
