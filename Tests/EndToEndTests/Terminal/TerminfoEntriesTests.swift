import Foundation
import Glibc
import TestSupport
import Testing

/// Starts the screens with the entries of the terminfo database (ncurses-term).
///
/// Every entry that can place a cursor is drawn by its own rules; `HANDSHAKE_TERMINALS=all` takes
/// all of them instead of a slice.
@Suite("Every entry of terminfo is drawn by its own rules") struct TerminfoEntriesTests {
  /// An entry as `infocmp` prints it.
  private struct Entry {
    var name: String
    var capabilities: Set<String>
    var text: String

    init?(_ name: String) {
      guard
        let described = try? Spawned.run(
          ["/usr/bin/infocmp", "-1", "-x", name], environment: ["PATH": "/usr/bin:/bin"]),
        described.exit == 0
      else { return nil }
      self.name = name
      text = described.output
      capabilities = Set(
        text.split(separator: "\n").filter { $0.hasPrefix("\t") }.map { line in
          String(line.dropFirst().prefix { !"=#,@".contains($0) })
        })
    }

    var placesCursor: Bool {
      guard capabilities.isDisjoint(with: ["hc", "gn"]) else { return false }
      return [
        ["cup"], ["hpa", "vpa"], ["home", "cud1", "cuf1"],
        ["clear", "cuu1", "cud1", "cub1", "cuf1"],
      ].contains {
        capabilities.isSuperset(of: $0)
      }
    }
  }

  /// The names of the entries, one for each file, without the fragments that others use.
  private static let names: [String] = {
    var names: [String: String] = [:]
    for folder in ["/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo"] {
      let walk = FileManager.default.enumerator(atPath: folder)
      while let path = walk?.nextObject() as? String {
        let parts = path.split(separator: "/")
        guard parts.count == 2, !path.contains("+"), let real = realpath(folder + "/" + path, nil)
        else { continue }
        defer { free(real) }
        let file = String(cString: real)
        names[file] = min(names[file] ?? "\u{10FFFF}", String(parts[1]))
      }
    }
    return names.values.sorted()
  }()

  private static let isWhole = getenv("HANDSHAKE_TERMINALS").map { String(cString: $0) } == "all"

  /// Consoles without a size in their entry, and terminals that do not support ECMA-48.
  private static let always = [
    "linux", "cygwin", "hurd", "vt52", "wy50", "adm3a", "hp2640a", "infoton", "vc303", "rxvt",
  ]

  private static let slices = 4

  @Test("the screens start, and end", arguments: 0..<slices)
  func entries(_ slice: Int) throws {
    let step = Self.isWhole ? 1 : 20
    let chosen = Self.names.enumerated().filter { $0.offset.isMultiple(of: step) }.map(\.element)
    let all = Array(Set(chosen + Self.always.filter { Self.names.contains($0) })).sorted()
    let stage = try Stage()
    for name in stride(from: slice, to: all.count, by: Self.slices).map({ all[$0] }) {
      guard let entry = Entry(name) else { continue }
      let terminal = try stage.terminal(changing: ["TERM": name])
      guard entry.placesCursor else {
        // An entry for no particular terminal (`gn`) is replaced by the usual one.
        if entry.capabilities.contains("gn") { continue }
        #expect(terminal.ending() == WaitStatus(exit: 2), "\(name)")
        terminal.read()
        #expect(terminal.contains("cannot place a cursor"), "\(name)")
        continue
      }
      #expect(terminal.writes("handshake"), "\(name)")
      terminal.write("q")
      // Some entries pad so much that the terminal has to be read.
      var ending: WaitStatus?
      _ = Patience.until {
        terminal.read()
        ending = terminal.ending(seconds: 0)
        return ending != nil
      }
      #expect(ending == WaitStatus(exit: 0), "\(name)")
      terminal.read()
      #expect(!terminal.contains("is unknown; used"), "\(name)")
      if !entry.text.contains("\\E[") { #expect(!terminal.contains("\u{1B}["), "\(name)") }
    }
  }

  @Test("a missing database is named, and TERM is not blamed")
  func missing() throws {
    let stage = try Stage()
    let hide = ["/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo", "/usr/lib/terminfo"]
      .map { "[ ! -d \($0) ] || mount -t tmpfs none $(readlink -f \($0)) || exit 77" }
      .joined(separator: "; ")
    let terminal = try PseudoTerminal(
      [
        "/usr/bin/unshare", "-m", "/bin/sh", "-c", "\(hide); exec \"$0\"", try Stage.program,
      ], environment: stage.environment)
    let ending = terminal.ending()
    // Only root may hide the folders.
    guard ending != WaitStatus(exit: 77), ending != WaitStatus(exit: 1) else { return }
    #expect(ending == WaitStatus(exit: 2))
    terminal.read()
    #expect(terminal.contains("terminfo database"))
    #expect(terminal.contains("ncurses-base"))
    #expect(!terminal.bytes.contains(0x1B))
  }
}
