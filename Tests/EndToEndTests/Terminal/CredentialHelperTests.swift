import Glibc
import TestSupport
import Testing

@Suite("A credential helper may ask on the terminal where a person is present", .serialized)
struct CredentialHelperTests {
  private static let question = "PIN for the test:"
  private static let helper = """
    #!/bin/sh
    if [ ! -t 0 ] || [ ! -t 2 ] || ! (: >/dev/tty) 2>/dev/null; then
      echo 'no terminal here' >&2
      exit 7
    fi
    stty -echo
    printf '\(question)' >&2
    read -r pin
    printf '%s;' "$pin" >>"$HOME/pins"
    printf '{"Version":1,"AccessKeyId":"AKIDEXAMPLE","SecretAccessKey":"example"}'
    """

  private func stage() throws -> (Stage, [String: String]) {
    let stage = try Stage()
    try stage.write(Self.helper, to: "helper")
    chmod(stage.home.path + "/helper", 0o700)
    let command = "credential_process = \(stage.home.path)/helper\n"
    try stage.write("[profile p]\n\(command)[profile q]\n\(command)", to: ".aws/config")
    return (
      stage,
      // Nobody answers: the step after the helper fails.
      ["AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_MAX_ATTEMPTS": "1"]
    )
  }

  private func pins(_ stage: Stage) -> String {
    let descriptor = open(stage.home.path + "/pins", O_RDONLY)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 100)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  @Test("a command lends it to one helper after another, and restores its modes")
  func command() throws {
    let (stage, changes) = try stage()
    let terminal = try stage.terminal(
      "list", "--backend", "aws", "--profile", "p", "--profile", "q",
      changing: changes.mapValues { $0 })
    let before = terminal.modes
    try #require(
      terminal.writes(Self.question), "\(String(decoding: terminal.bytes, as: UTF8.self))")
    let start = terminal.bytes.count
    terminal.write("1234\n")
    try #require(
      // A request fails between the two, on a machine that may be busy.
      Patience.until(seconds: 90) {
        terminal.read()
        return terminal.contains(Self.question, after: start)
      })
    terminal.write("5678\n")
    _ = terminal.ending()
    #expect(pins(stage) == "1234;5678;")
    #expect(terminal.modes == before)
    #expect(!terminal.contains("1234"))
  }

  @Test("without a terminal it gets none, and says so itself")
  func noTerminal() throws {
    let (stage, changes) = try stage()
    let assignments = changes.map { "\($0)=\($1)" }
    let run = try Spawned.run(
      ["/usr/bin/env"] + assignments
        + [try Stage.program, "list", "--backend", "aws", "--profile", "p"],
      environment: stage.environment)
    #expect(run.errors.contains("no terminal here"))
    #expect(pins(stage) == "")
  }

  @Test("the screens close for a requested login, and open again")
  func screens() throws {
    let (stage, changes) = try stage()
    let tmux = try stage.tmux("--backend aws --profile p", changing: changes)
    try #require(tmux.shows("L logs in"), "\(tmux.screen)")
    try tmux.press("L")
    try #require(tmux.shows(Self.question), "\(tmux.screen)")
    try tmux.type("4321")
    try tmux.press("Enter")
    try #require(tmux.hides(Self.question), "\(tmux.screen)")
    try #require(tmux.shows("127.0.0.1"), "\(tmux.screen)")
    #expect(pins(stage) == "4321;")
    #expect(try tmux.quit())
  }
}
