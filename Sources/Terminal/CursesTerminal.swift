import CNcurses
import Drawing
import Glibc
import Model
import Text

/// The single owner of the terminal, on the main thread: neither copied nor sent to a task.
///
/// It uses `/dev/tty`, never stdin or stdout, so the screens work with both redirected. However it
/// ends, the terminal is restored as it was found; after crashes and stalls the guard in CNcurses
/// does that (SEC-6.2).
public struct CursesTerminal: ~Copyable {
  /// The descriptor of `/dev/tty`, to be polled for input.
  public let descriptor: Int32
  /// The characters that may be written.
  public let charset: Charset
  let palette: Palette
  /// The last frame drawn; nil when the contents of the screen are uncertain.
  public var drawn: Frame?
  /// The decoder of what was read, which keeps the unfinished part of a sequence.
  public var decoder: InputDecoder
  var guess = PasteDetector()
  private let stream: UnsafeMutablePointer<FILE>
  private let screen: OpaquePointer
  private let keptErrors: StderrCapture?

  /// Starts the screens.
  ///
  /// - Throws: `TerminalFault`, before a byte is written: no controlling terminal, no terminfo
  ///   entry for it, no cursor addressing, or a failed call.
  public init(_ settings: TerminalSettings) throws(TerminalFault) {
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
    // The driver may report an impossible size, and an entry may have none: ncurses starts with the
    // size in the environment, which we set (`ProcessStart`), and then gets `size`.
    use_env(true)
    use_tioctl(false)
    // A terminfo entry that crashes ncurses does so after the modes were changed.
    cn_guard_set_active(true)
    let (screen, isFallback): (OpaquePointer, Bool)
    do throws(TerminalFault) {
      (screen, isFallback) = try Self.newScreen(name, stream)
    } catch {
      cn_guard_set_active(false)
      fclose(stream)
      throw error
    }
    keptErrors = StderrCapture()
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

  /// The size to draw for, at most 1,000 columns and 500 rows, whatever the terminal reports.
  public var size: Size {
    var rows: Int32 = 24
    var columns: Int32 = 80
    _ = cn_window_size(descriptor, &rows, &columns)
    return Size(columns: min(Int(columns), 1_000), rows: min(Int(rows), 500))
  }

  /// Whether the terminal accepts more output, so what was sent is shown or about to be.
  public var takesOutput: Bool {
    var output = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&output, 1, 0) > 0
  }

  /// Adopts the terminal's current size, and returns it.
  public mutating func resize() -> Size {
    let size = size
    let isOther = is_term_resized(Int32(size.rows), Int32(size.columns))
    resizeterm(Int32(size.rows), Int32(size.columns))
    if isOther {
      // The terminal still scrolls and inserts lines within its former rows.
      if let sequence = cn_scrolling(Int32(size.rows)) { send(String(cString: sequence)) }
      repaint()
    }
    drawn = nil
    return size
  }

  /// Returns the terminal to the shell, as it was found.
  public func leave() {
    if Self.knowsControlSequences { send(Self.pasteOff) }
    endwin()
    cn_guard_set_active(false)
  }

  /// Returns the terminal and stops the job as `^Z` does, until the job is continued.
  ///
  /// It returns at once when the kernel finds no process that could continue it. Call `enter`
  /// afterwards.
  public func stopJob() {
    leave()
    cn_stop_job()
  }

  /// Takes the terminal again, after `leave` or after another program changed its modes.
  public mutating func enter() {
    cn_guard_set_active(true)
    reset_prog_mode()
    startModes()
    guess.reset()
    repaint()
  }

  /// Marks the screen's contents as uncertain, so that the next frame is drawn whole.
  public mutating func repaint() {
    drawn = nil
    clearok(cn_physical_window(), true)
  }

  /// Copies text to the operator's clipboard; returns false when it is too long to be sent.
  public func copy(_ text: String) -> Bool {
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

  /// Switches off modes that another program may have left on, and bracketed paste on.
  ///
  /// Terminals that do not know control sequences are left unchanged.
  private func startModes() {
    guard Self.knowsControlSequences else { return }
    send(String(cString: cn_reporting_off()) + Self.pasteOn)
  }

  /// Whether the terminal positions its cursor by ECMA-48's CSI.
  private static var knowsControlSequences: Bool {
    guard let move = cn_capability("cup") else { return false }
    return move[0] == 0x1B && move[1] == 0x5B
  }

  private static let pasteOn = "\u{1B}[?2004h"
  private static let pasteOff = "\u{1B}[?2004l"
}

extension CursesTerminal {
  /// Creates the screen with the terminal's own terminfo entry, or with the most common terminal's.
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
      // newterm installs handlers for signals that have none; this program reads them from a
      // descriptor.
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
    // Keypad mode, in which the terminal's keys send what terminfo lists.
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

  /// Writes a note to the captured stderr, to be read after the screens have ended.
  private static func noteFallback(from name: String) {
    let shown = Sanitiser.render(Untrusted(name), for: .cell, in: .ascii)
    let note = "handshake: TERM=\(shown) is unknown; used \(fallback) instead.\n"
    note.withCString { _ = write(STDERR_FILENO, $0, strlen($0)) }
  }
}

/// The result of one read from the terminal.
public enum TerminalReading: Equatable {
  case inputs([TerminalInput])
  /// The terminal is closed.
  case closed
}

extension CursesTerminal {
  /// Reads the available input; call it when `descriptor` is readable, so that it does not wait.
  ///
  /// With more than `pasteLimit` text keys in one read, they are a paste.
  public mutating func read(at now: Span, pasteLimit: Int = PasteDetector.limit) -> TerminalReading
  {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    if count > 0 {
      let inputs = decoder.feed(bytes.prefix(count), at: now)
      return .inputs(guess.sift(inputs, limit: pasteLimit, at: now))
    }
    if count < 0, errno == EINTR || errno == EAGAIN { return .inputs([]) }
    return .closed
  }

  /// Whether there is input that has not been read.
  public var isInputWaiting: Bool {
    var input = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&input, 1, 0) > 0
  }

  /// Drops typed input that has not been read.
  ///
  /// It is decoded all the same: `tcflush` would drop the head of a sequence or of a paste, and the
  /// tail would then be read as keys.
  public mutating func flushInput(at now: Span) {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    // Bounded, as a paste of many megabytes may be arriving; the decoder waits for its end.
    for _ in 0..<64 where isInputWaiting {
      let count = Glibc.read(descriptor, &bytes, bytes.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      decoder.discard(bytes.prefix(count), at: now)
    }
    // Also for a sequence that was open before.
    decoder.discard([], at: now)
    guess.reset()
  }
}

extension CursesTerminal {
  /// Shows a frame.
  ///
  /// Only rows that differ from the last frame are given to curses, and curses sends only the cells
  /// that differ: a cursor move costs tens of bytes.
  public mutating func present(_ frame: Frame) {
    let window = cn_screen_window()
    let columns = min(frame.size.columns, Int(getmaxx(window)))
    let rows = min(frame.size.rows, Int(getmaxy(window)))
    let last = drawn?.size == frame.size ? drawn : nil
    for row in 0..<rows {
      if let last, (0..<columns).allSatisfy({ last[row, $0] == frame[row, $0] }) { continue }
      draw(row: row, of: frame, columns: columns)
    }
    if let cursor = frame.cursor, cursor.row < rows, cursor.column < columns {
      curs_set(1)
      wmove(window, Int32(cursor.row), Int32(cursor.column))
    } else {
      curs_set(0)
    }
    drawn = frame
    wnoutrefresh(window)
    doupdate()
  }

  private func draw(row: Int, of frame: Frame, columns: Int) {
    let window = cn_screen_window()
    var column = 0
    while column < columns {
      let run = GlyphRun(frame, row: row, from: column, upTo: columns)
      let look = palette.look(frame[row, column].style)
      _ = cn_set_style(window, look.attributes, look.pair)
      wmove(window, Int32(row), Int32(column))
      // ERR after the last cell of the last row, although it was drawn: there is no remedy.
      if run.hasMarks {
        _ = cn_add_glyph(window, run.scalars + [0])
      } else {
        _ = waddnwstr(window, run.scalars, Int32(run.scalars.count))
      }
      column += run.columns
      // If the C library took a wide glyph for a narrow one, clear the cell beside it.
      if run.isWide, column < columns, getcurx(window) == Int32(column - 1) {
        _ = waddnwstr(window, [0x20], 1)
      }
    }
  }
}

/// The neighbouring cells of one style that can be written with one call.
///
/// A glyph that is neither ASCII nor a line ends the run, so that the next one is positioned anew:
/// then the width that the C library assumes for the glyph does not matter.
private struct GlyphRun {
  var scalars: [wchar_t] = []
  var columns = 0
  var isWide = false
  /// Whether the run is one glyph of several scalars.
  var hasMarks = false

  init(_ frame: Frame, row: Int, from first: Int, upTo end: Int) {
    let style = frame[row, first].style
    for column in first..<end {
      let cell = frame[row, column]
      if column > first, cell.style != style { break }
      if cell.glyph.isEmpty {
        // The right half of a wide glyph; without its left half it is a blank.
        if isWide { break }
        scalars.append(0x20)
        columns += 1
        continue
      }
      let values = cell.glyph.unicodeScalars.map { Self.printable($0) }
      let isPlain = values.count == 1 && Self.isPlain(values[0])
      if !isPlain, columns > 0 { break }
      scalars += values
      columns += 1
      if !isPlain {
        hasMarks = values.count > 1
        if column + 1 < end, frame[row, column + 1].glyph.isEmpty {
          isWide = true
          columns += 1
        }
        break
      }
    }
  }

  /// Replaces control characters by `?`; the last check before the terminal, whatever a frame
  /// holds.
  private static func printable(_ scalar: Unicode.Scalar) -> wchar_t {
    let value = scalar.value
    let isControl = value < 0x20 || (0x7F..<0xA0).contains(value)
    return wchar_t(isControl ? 0x3F : value)
  }

  /// Returns whether it is ASCII or from the box-drawing block: one column wide everywhere.
  private static func isPlain(_ value: wchar_t) -> Bool {
    value < 0x7F || (0x2500...0x257F).contains(value)
  }
}

/// The restoration of the terminal at every exit of the program.
public enum TerminalGuard {
  /// Undoes the screens' modes and restores the terminal's; does nothing when they are not shown.
  ///
  /// It may be called on any thread, and waits for at most a fifth of a second.
  public static func restore() { cn_guard_restore() }
}
