import Glibc
import Model
import Signing
import TestSupport
import Testing
import Text

@testable import AWSBackend

@Suite("Programs are run without a shell, read while they run, and ended with their group")
struct SystemProcessesTests {
  private static let environment = ["PATH": "/usr/bin:/bin"]

  private func run(
    _ script: String, _ more: [String] = [], limit: Span = .minutes(2)
  ) async -> Result<Secret, ProcessFault> {
    do throws(ProcessFault) {
      return .success(
        try await SystemProcesses().run(
          ["/bin/sh", "-c", script, "script"] + more, environment: Self.environment, limit: limit))
    } catch {
      return .failure(error)
    }
  }

  private func fault(_ result: Result<Secret, ProcessFault>) -> ProcessFault? {
    if case .failure(let fault) = result { fault } else { nil }
  }

  @Test(
    "standard output is the answer",
    arguments: [
      ("printf %s \"$1\"", "a b"),
      // Standard input is empty.
      ("cat; printf end", "end"),
      // More standard error than a pipe holds.
      ("head -c 1000000 /dev/zero >&2; printf end", "end"),
      // Processes that it leaves behind do not delay us, in its group or outside.
      ("sleep 1000 & printf end", "end"),
      ("setsid sleep 2 & printf end", "end"),
      // It has no terminal to draw on.
      ("if (: </dev/tty) 2>/dev/null; then printf terminal; else printf end; fi", "end"),
      ("head -c 65536 /dev/zero | tr '\\000' x | wc -c", "65536\n"),
    ])
  func answers(_ row: (script: String, answer: String)) async {
    #expect(await run(row.script, ["a b"]) == .success(Secret(row.answer)))
  }

  @Test("exactly the limit is accepted, one byte more is not, and a gigabyte ends at the limit")
  func cap() async throws {
    let whole = try await run("head -c 65536 /dev/zero").get()
    #expect(whole.revealed.count == 65_536)
    for size in ["65537", "1000000000"] {
      let kind = fault(await run("head -c \(size) /dev/zero"))?.kind
      #expect(kind == .tooMuchOutput)
    }
  }

  @Test(
    "a failure has the first line of standard error, sanitised, or the status",
    arguments: [
      ("printf '\\033[31mno\\033[0m\\007 \\033]0;x\\177way\\nmore\\n' >&2; exit 1", "no ]0;xway"),
      ("printf '\\n\\r\\n  late\\n' >&2; exit 1", "late"),
      ("printf 'bad: hunter2 and v4lue, hunter2\\n' >&2; exit 3", "bad: … and …, …"),
      (
        "printf 'no: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY is wrong' >&2; exit 1",
        "no: [40 characters withheld] is wrong"
      ),
      ("printf '{\"SecretAccessKey\":\"process-secret\"}' >&2; exit 1", nil),
      ("exit 7", "it exited with status 7"), ("kill -9 $$", "it was killed by signal 9"),
    ])
  func complaints(_ row: (script: String, told: String?)) async throws {
    let fault = try #require(fault(await run(row.script, ["hunter2", "--key=v4lue"])))
    #expect(fault.kind == .failed)
    if let told = row.told {
      #expect(fault.detail.plain == told)
    } else {
      #expect(fault.detail.plain.contains("not shown"))
      #expect(!shown(fault).contains("process-secret"))
    }
  }

  @Test("a long message is cut at 500 bytes, not within a character")
  func longComplaint() async throws {
    let result = await run("head -c 600 /dev/zero | sed 's/\\x00/é/g' >&2; exit 1")
    let detail = try #require(fault(result)).detail
    #expect((497...500).contains(detail.bytes.count))
    #expect(String(validating: detail.bytes, as: UTF8.self) != nil)
  }

  @Test("at the limit it is killed with its children")
  func limit() async throws {
    let directory = try TemporaryDirectory()
    let file = directory.path + "/pids"
    let result = await run(
      "sleep 1000 & echo $! $$ >\(file); wait", limit: Span(milliseconds: 1_500))
    #expect(fault(result)?.kind == .timedOut)
    try expectGone(file)
  }

  @Test("when the caller is cancelled it is killed with its children")
  func cancelled() async throws {
    let directory = try TemporaryDirectory()
    let file = directory.path + "/pids"
    let task = Task { await run("sleep 1000 & echo $! $$ >\(file); wait") }
    #expect(Patience.until { Self.pids(file).count == 2 })
    task.cancel()
    #expect(fault(await task.value)?.detail == Untrusted("cancelled"))
    try expectGone(file)
  }

  @Test("it inherits no descriptor")
  func descriptors() async {
    // Without O_CLOEXEC, as a careless library opens it.
    let open = Glibc.open("/dev/null", O_RDONLY)
    defer { close(open) }
    let script = "if [ -e /proc/$$/fd/\(open) ]; then printf open; else printf closed; fi"
    #expect(await run(script) == .success(Secret("closed")))
  }

  @Test("it gets the given environment and nothing more")
  func environment() async throws {
    let text = try await SystemProcesses().run(
      ["env"], environment: ["PATH": "/usr/bin:/bin", "A": "1"], limit: .minutes(1)
    ).revealedText
    #expect(Set(text.split(separator: "\n")) == ["PATH=/usr/bin:/bin", "A=1"])
  }

  @Test("only an absolute path or a name in PATH is run, and no file that any user may change")
  func programs() async throws {
    let directory = try TemporaryDirectory()
    let tool = directory.path + "/tool"
    try SystemFiles().replace(tool, with: Array("#!/bin/sh\nprintf ran\n".utf8))
    let path = "relative::\(directory.path)"
    func ending(_ name: String) async -> Result<Secret, ProcessFault> {
      // A program that another test starts holds the tool open for writing until its own exec.
      let busy = ProcessFault.notStarted(ETXTBSY)
      while true {
        do throws(ProcessFault) {
          return .success(
            try await SystemProcesses().run([name], environment: ["PATH": path], limit: .minutes(1))
          )
        } catch  where error != busy { return .failure(error) } catch { continue }
      }
    }
    #expect(fault(await ending("tool"))?.kind == .notStarted)
    chmod(tool, 0o700)
    #expect(await ending("tool") == .success(Secret("ran")))
    #expect(await ending(tool) == .success(Secret("ran")))
    for name in ["./tool", "tool/../tool", "", directory.path, "SECRET=hunter2", "/none"] {
      let fault = try #require(fault(await ending(name)))
      #expect(fault.kind == .notStarted)
      #expect(!fault.detail.plain.contains("hunter2"))
    }
    chmod(tool, 0o707)
    #expect(fault(await ending("tool"))?.kind == .notStarted)
    #expect(fault(await ending(tool))?.kind == .notStarted)
  }

  private func expectGone(_ file: String) throws {
    let pids = Self.pids(file)
    try #require(pids.count == 2)
    #expect(Patience.until { pids.allSatisfy { !Self.isRunning($0) } })
  }

  private static func pids(_ file: String) -> [Substring] {
    let bytes = (try? SystemFiles().read(file)) ?? []
    guard bytes.last == 0x0A else { return [] }
    return String(decoding: bytes, as: UTF8.self).split { $0 == " " || $0 == "\n" }
  }

  /// Returns whether the process runs: neither gone nor a zombie.
  private static func isRunning(_ pid: Substring) -> Bool {
    let status = open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC)
    guard status >= 0 else { return false }
    defer { close(status) }
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = read(status, &bytes, bytes.count)
    guard count > 0 else { return false }
    let text = String(decoding: bytes[..<count], as: UTF8.self)
    let state = text[(text.lastIndex(of: ")") ?? text.startIndex)...].dropFirst(2).first
    return state != "Z" && state != "X"
  }
}
