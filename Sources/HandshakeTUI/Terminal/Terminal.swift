import CNcurses
import Drawing
import Glibc
import HandshakeUI
import Model
import Text

/// The one owner of the terminal, on the main thread: neither copied nor sent to a task.
///
/// `/dev/tty` is used, never stdin or stdout, so the screens work with both redirected. However it
/// ends, the terminal is as it was found; for crashes and stalls that is the guard's part (CNcurses).
/// (SEC-6.2)
struct Terminal: ~Copyable {
  /// To be polled for input.
  let descriptor: Int32
  let charset: Charset
  let palette: Palette
  /// What was drawn last; nil when nothing on the screen can be relied on.
  var drawn: Frame?
  var decoder: InputDecoder
  var guess = PasteGuess()
  private let stream: UnsafeMutablePointer<FILE>
  private let screen: OpaquePointer
  private let keptErrors: KeptErrors?

  /// Enters the screens. Throws before a single byte was written.
  init(_ settings: TerminalSettings) throws(TerminalFault) {
    if let fault = settings.fault { throw fault }
    let name = settings.name ?? ""
    let descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw .none }
    guard cn_guard_prepare(descriptor) else {
      close(descriptor)
      throw .failed(call: "tcgetattr", errno: errno)
    }
    guard let stream = fdopen(descriptor, "r+") else {
      close(descriptor)
      throw .failed(call: "fdopen", errno: errno)
    }
    // The driver may claim a size that cannot be had, and an entry may have none: ncurses begins with
    // the size in the environment, which is ours (`ProcessStart`), and is then told `size`.
    use_env(true)
    use_tioctl(false)
    // An entry of terminfo that crashes ncurses does so when the modes are changed already.
    cn_guard_set_active(true)
    let (screen, isFallback): (OpaquePointer, Bool)
    do throws(TerminalFault) {
      (screen, isFallback) = try Self.newScreen(name, stream)
    } catch {
      cn_guard_set_active(false)
      fclose(stream)
      throw error
    }
    keptErrors = KeptErrors()
    self.descriptor = descriptor
    self.stream = stream
    self.screen = screen
    charset = settings.charset
    decoder = InputDecoder(sequences: Self.keySequences(), escapeDelay: settings.escapeDelay)
    Self.setModes()
    palette = Palette(colours: settings.colours)
    startModes()
    if isFallback { Self.noteFallback(from: name) }
    _ = resize()
  }

  deinit {
    leave()
    delscreen(screen)
    fclose(stream)
    keptErrors?.show(in: charset)
  }

  /// The size to draw for. A terminal may claim anything; more than this is not drawn.
  var size: Size {
    var rows: Int32 = 24
    var columns: Int32 = 80
    _ = cn_window_size(descriptor, &rows, &columns)
    return Size(columns: min(Int(columns), 1_000), rows: min(Int(rows), 500))
  }

  /// Whether there is room for more: what was sent is on its way to the screen, or there.
  var takesOutput: Bool {
    var output = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&output, 1, 0) > 0
  }

  /// Takes over the size that the terminal has now.
  mutating func resize() -> Size {
    let size = size
    let isOther = is_term_resized(Int32(size.rows), Int32(size.columns))
    resizeterm(Int32(size.rows), Int32(size.columns))
    if isOther {
      // The terminal still scrolls, and inserts lines, within the rows that it had before.
      if let sequence = cn_scrolling(Int32(size.rows)) { send(String(cString: sequence)) }
      repaint()
    }
    drawn = nil
    return size
  }

  /// Gives the terminal back to the shell, as it was found.
  func leave() {
    if Self.knowsControlSequences { send(Self.pasteOff) }
    endwin()
    cn_guard_set_active(false)
  }

  /// Gives the terminal back and stops as `^Z` does; returns when the job goes on, or at once when the
  /// kernel finds nobody who could continue it. `enter` then takes the terminal again.
  func stopJob() {
    leave()
    cn_stop_job()
  }

  /// Takes the terminal again, after `leave` or after somebody else changed its modes.
  mutating func enter() {
    cn_guard_set_active(true)
    reset_prog_mode()
    startModes()
    guess.reset()
    repaint()
  }

  /// Trusts nothing that is on the screen: the next frame is drawn whole.
  mutating func repaint() {
    drawn = nil
    clearok(cn_physical_window(), true)
  }

  /// Puts text into the operator's clipboard. False when it is too long to be sent.
  func copy(_ text: String) -> Bool {
    guard let sequence = Clipboard.sequence(text) else { return false }
    send(sequence)
    return true
  }

  private func send(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Switches off what another program may have left on, and brackets around pastes on. Terminals that do
  /// not know control sequences are left alone.
  private func startModes() {
    guard Self.knowsControlSequences else { return }
    send(String(cString: cn_reporting_off()) + Self.pasteOn)
  }

  /// Whether the terminal places its cursor by ECMA-48.
  private static var knowsControlSequences: Bool {
    guard let move = cn_capability("cup") else { return false }
    return move[0] == 0x1B && move[1] == 0x5B
  }

  private static let pasteOn = "\u{1B}[?2004h"
  private static let pasteOff = "\u{1B}[?2004l"
}

extension Terminal {
  /// Makes the screen by the terminal's own entry or, when there is none, by that of the most common
  /// terminal.
  private static func newScreen(
    _ name: String, _ stream: UnsafeMutablePointer<FILE>
  ) throws(TerminalFault) -> (OpaquePointer, isFallback: Bool) {
    var isMissing = false
    for (candidate, isFallback) in [(name, false), (Self.fallback, true)] {
      switch cn_look_up(candidate, fileno(stream)) {
      case cn_entry_found: break
      case cn_entry_hardcopy: throw .incapable(name: candidate)
      case cn_entry_no_database:
        isMissing = true
        continue
      default: continue
      }
      guard cn_can_place_cursor() else { throw .incapable(name: candidate) }
      guard let screen = newterm(candidate, stream, stream) else {
        throw .failed(call: "newterm", errno: errno)
      }
      // newterm catches what nobody else catches; here signals are read from a descriptor.
      for number in [SIGINT, SIGTERM, SIGTSTP, SIGWINCH] { signal(number, SIG_DFL) }
      return (screen, isFallback)
    }
    throw .noEntry(name: name, fallback: Self.fallback, isDatabaseMissing: isMissing)
  }

  private static let fallback = "xterm-256color"

  private static func setModes() {
    raw()
    noecho()
    nonl()
    typeahead(-1)
    let window = cn_screen_window()
    // The terminal's keypad mode, in which its keys send what terminfo says.
    keypad(window, true)
    idlok(window, true)
  }

  private static func keySequences() -> KeySequences {
    var keys: [[UInt8]: Key] = [:]
    for (name, key) in KeySequences.capabilities {
      guard let sent = cn_capability(name) else { continue }
      keys[Array(String(cString: sent).utf8)] = key
    }
    return KeySequences(keys)
  }

  /// On the kept stderr, so that it is read after the screens.
  private static func noteFallback(from name: String) {
    let shown = Sanitiser.render(Untrusted(name), for: .cell, in: .ascii)
    let note = "handshake: TERM=\(shown) is unknown; used \(fallback) instead.\n"
    note.withCString { _ = write(STDERR_FILENO, $0, strlen($0)) }
  }
}
