import TestSupport
import Testing

@testable import Arguments

@Suite("A command line") struct ParserTests {
  private func sent(_ arguments: String...) throws -> Send? {
    guard case .send(let send) = try Demo.grammar.parse(["send"] + arguments).product else {
      return nil
    }
    return send
  }

  private func problem(_ arguments: String...) -> UsageError.Problem? {
    do throws(UsageError) {
      _ = try Demo.grammar.parse(arguments)
      return nil
    } catch { return error.problem }
  }

  @Test("options take the next argument or what is behind =, flags take nothing")
  func forms() throws {
    let send = try sent(
      "h-1", "--reason", "a b", "--size=7", "h-2", "--dry-run", "--tag", "x", "--tag=y", "--yes")
    #expect(send?.ids == ["h-1", "h-2"])
    #expect(send?.reason == "a b")
    #expect(send?.size == 7)
    #expect(send?.tags == ["x", "y"])
    #expect(send?.isDry == true)
    #expect(send?.common.confirms == true)
    #expect(try sent("h-1")?.size == 3)
    #expect(try sent("h-1", "--reason=")?.reason == "")
    #expect(try sent("h-1", "--reason=a=b")?.reason == "a=b")
    // The mark makes one character with the =, but does not belong to the name.
    #expect(try sent("h-1", "--reason=\u{301}a")?.reason == "\u{301}a")
    #expect(try sent("h-1", "--colour", "blue")?.colour == .blue)
  }

  @Test("behind -- everything is positional")
  func literal() throws {
    #expect(try sent("--", "--reason", "-h")?.ids == ["--reason", "-h"])
    #expect(try sent("h-1", "--", "--")?.ids == ["h-1", "--"])
    #expect(try Demo.parse("--", "send").product == .open(Open(id: "send")))
    #expect(try sent("-")?.ids == ["-"])
  }

  @Test("a value that begins with a dash is written behind =, unless the option takes it")
  func dashes() throws {
    guard case .noValue(let option, next: "--yes") = problem("send", "h-1", "--reason", "--yes")
    else { return #expect(Bool(false)) }
    #expect(option.name == "--reason")
    #expect(try sent("h-1", "--reason=--yes")?.reason == "--yes")
    #expect(try sent("h-1", "--sort", "-id")?.sort == "-id")
    #expect(try sent("h-1", "--reason", "-")?.reason == "-")
    guard case .noValue(_, next: nil) = problem("send", "h-1", "--reason") else {
      return #expect(Bool(false))
    }
    #expect(problem("send", "-h79d") == .notAnOption("-h79d"))
  }

  @Test("an option of one value is given once, or with the same bytes")
  func contradictions() throws {
    #expect(
      problem("send", "h", "--reason", "a", "--reason=b") == .contradiction("--reason", "a", "b"))
    #expect(
      problem("--store", "a", "send", "h", "--store=b") == .contradiction("--store", "a", "b"))
    #expect(try sent("h", "--reason", "a", "--reason=a")?.reason == "a")
    #expect(try Demo.parse("--store=a", "send", "h", "--store=a").shared == ["--store": ["a"]])
    // Equal as texts, not as bytes: the names of two files.
    let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
    #expect(
      problem("--store", composed, "send", "h", "--store", decomposed)
        == .contradiction("--store", composed, decomposed))
  }

  @Test("shared options stand before or after the command, repeated ones on both sides")
  func shared() throws {
    for line in [["--json", "send", "h"], ["send", "--json", "h"], ["send", "h", "--json"]] {
      #expect(try Demo.grammar.parse(line).shared == ["--json": []])
    }
    #expect(
      try Demo.parse("--profile", "a", "--profile", "b").shared == ["--profile": ["a", "b"]])
    #expect(
      try Demo.parse("--profile", "a", "send", "h", "--profile", "b", "--profile", "c").shared
        == ["--profile": ["a", "b", "c"]])
    #expect(
      try Demo.parse("--profile", "a", "h-1", "--profile", "b").shared == ["--profile": ["a", "b"]])
    #expect(try Demo.parse("--version").shared["--version"] == [])
    guard case .unknownOption("--version", _) = problem("send", "--version") else {
      return #expect(Bool(false))
    }
  }

  @Test("commands are found by their names, the default one without")
  func commands() throws {
    #expect(try Demo.parse().path == ["demo", "open"])
    #expect(try Demo.parse("h-1").product == .open(Open(id: "h-1")))
    #expect(try Demo.parse("box", "send", "h").path == ["demo", "box", "send"])
    #expect(try Demo.parse("crate").path == ["demo", "crate", "open"])
    #expect(try Demo.parse("crate", "h-1").product == .open(Open(id: "h-1")))
    #expect(try Demo.parse("secret").path == ["demo", "secret"])
    // A group without a default shows its help.
    #expect(try Demo.parse("box").product == nil)
    #expect(
      problem("box", "snd")
        == .noSuchCommand("snd", known: ["send"]))
    #expect(
      try Demo.parse("--json", "pass", "--store", "a", "--", "-x").product
        == .pass(["--store", "a", "--", "-x"]))
  }

  @Test("help is asked for by a flag or by a command, wherever it is")
  func help() throws {
    for (line, path) in [
      (["--help"], ["demo"]), (["-h"], ["demo"]), (["help"], ["demo"]),
      (["help", "send"], ["demo", "send"]), (["send", "--help"], ["demo", "send"]),
      (["-h", "send"], ["demo", "send"]), (["help", "box", "send"], ["demo", "box", "send"]),
      (["send", "h-1", "--help"], ["demo", "send"]), (["crate", "-h"], ["demo", "crate"]),
    ] {
      let parsed = try Demo.grammar.parse(line)
      #expect(parsed.path == path)
      #expect(parsed.product == nil)
    }
    guard case .noSuchCommand("snd", _) = problem("help", "snd") else {
      return #expect(Bool(false))
    }
  }

  @Test("a parameter that is missing, unknown or invalid is named")
  func refusals() throws {
    guard case .missing(let ids) = problem("send", "--yes") else { return #expect(Bool(false)) }
    #expect(ids.label == "<ids> ...")
    guard case .invalidValue(let size, "x", why: _) = problem("send", "h", "--size", "x") else {
      return #expect(Bool(false))
    }
    #expect(size.name == "--size")
    guard case .invalidValue(_, "green", why: nil) = problem("send", "h", "--colour", "green")
    else { return #expect(Bool(false)) }
    guard case .invalidValue(_, "c", why: nil) = problem("--backend", "c") else {
      return #expect(Bool(false))
    }
    #expect(problem("--json=1") == .flagWithValue("--json", "1"))
    #expect(problem("send", "--help=1") == .flagWithValue("--help", "1"))
    guard case .unexpected("h-2", let places, _) = problem("open", "h-1", "h-2") else {
      return #expect(Bool(false))
    }
    #expect(places.map(\.label) == ["<id>"])
  }

  @Test("a message says what is wrong and what to do, and asks for what was typed to be printable")
  func words() throws {
    func text(_ arguments: String...) -> String {
      do throws(UsageError) {
        _ = try Demo.grammar.parse(arguments)
        return ""
      } catch {
        let words = error.words { $0.replacing("\u{1B}", with: "ESC") }
        return [words.what, words.why, words.remedy].compactMap(\.self).joined(separator: "|")
      }
    }
    #expect(
      text("send", "--raeson", "x")
        == "unknown option --raeson of demo send|Did you mean --reason? demo send --help lists the options."
    )
    #expect(
      text("send")
        == "demo send needs <ids> ...|Usage: demo send [options] <ids> ...")
    #expect(
      text("send", "h", "--colour", "\u{1B}")
        == "\"ESC\" is not a value of --colour|Use red or blue.")
    #expect(!text("\u{1B}[2J", "\u{1B}").contains("\u{1B}"))
    #expect(!text("--\u{1B}").contains("\u{1B}"))
    #expect(!text("-\u{1B}").contains("\u{1B}"))
    #expect(!text("--json=\u{1B}").contains("\u{1B}"))
    #expect(!text("box", "\u{1B}").contains("\u{1B}"))
    #expect(!text("--store", "-\u{1B}").contains("\u{1B}"))
    #expect(!text("--store=\u{1B}", "--store=b").contains("\u{1B}"))
    #expect(!text("send", "h", "--size", "\u{1B}").contains("\u{1B}"))
    #expect(text("send", "h", "--day", "\u{1B}").contains("no day is called ESC"))
    #expect(!text("--version", "\u{1B}").contains("\u{1B}"))
  }

  @Test("an option of a command is no option of the commands below it, unless they share it")
  func optionsOfParents() throws {
    func problem(_ arguments: String...) -> UsageError.Problem? {
      do throws(UsageError) {
        _ = try Demo.serving.parse(arguments)
        return nil
      } catch { return error.problem }
    }
    for line in [["--port", "8"], ["--port", "x"], ["--slow"]] {
      let parsed = UsageError.Problem.unknownOption(line[0], known: ["--store", "--help"])
      let found = line.count == 1 ? problem(line[0], "names") : problem(line[0], line[1], "names")
      #expect(found == parsed, "\(line)")
    }
    #expect(problem("--store", "a", "names") == nil)
    #expect(problem("--port", "8", "names", "--help") == nil)
    #expect(try Demo.serving.parse(["--store", "a", "names"]).product == .pass(["a"]))
    do throws(UsageError) {
      _ = try Demo.serving.parse(["--port", "8", "names"])
    } catch {
      #expect(error.words { $0 }.what == "unknown option --port of server names")
    }
  }

  @Test("an option that stands for a command is refused together with one")
  func standingAlone() throws {
    for (line, word) in [
      (["--version", "send", "h-1"], "send"), (["--version", "h-1"], "h-1"),
      (["--version", "--", "x"], "x"), (["--version", "pass", "--json"], "pass"),
    ] {
      let error = #expect(throws: UsageError.self) { try Demo.grammar.parse(line) }
      #expect(error?.problem == .standsAlone("--version", word))
      #expect(error?.words { $0 }.remedy == "Write demo --version, or the command without it.")
    }
    #expect(problem("--version", "--json") == nil)
    #expect(problem("--version", "send", "--help") == nil)
  }

  @Test("the nearest word is suggested, and no distant one")
  func nearMisses() {
    let known = ["list", "show", "accept", "decline", "cancel", "trust"]
    for (word, meant) in [
      ("lst", "list"), ("lsit", "list"), ("acept", "accept"), ("declin", "decline"),
      ("canc", "cancel"), ("tru", "trust"), ("c", "cancel"),
    ] {
      #expect(NearMiss.of(word, among: known) == meant, "\(word)")
    }
    for word in ["", "x", "h-7d1f", "banana"] {
      #expect(NearMiss.of(word, among: known) == nil, "\(word)")
    }
    #expect(NearMiss.distance(Array("abcd".utf8), Array("acbd".utf8)) == 1)
    #expect(NearMiss.distance([], Array("abc".utf8)) == 3)
  }

  @Test("a word that is much longer than all known ones takes no time", .timeLimit(.minutes(1)))
  func longWord() {
    let word = String(repeating: "x", count: 20_000_000)
    #expect(NearMiss.of(word, among: ["list", "accept", "decline", "enable-all-features"]) == nil)
  }

  /// The options of the demonstration that take a value.
  private static let valued: Set = ["--store", "--profile", "--size", "--sort", "--colour"]

  /// Writes the values of options behind =, up to what may not be an option.
  private func joined(_ line: [String]) -> [String] {
    var joined: [String] = []
    var rest = line[...]
    while let word = rest.popFirst() {
      if word == "--" || word == "pass" { return joined + [word] + rest }
      if Self.valued.contains(word), let value = rest.popFirst() {
        joined.append(word + "=" + value)
      } else {
        joined.append(word)
      }
    }
    return joined
  }

  @Test("no line of random words traps, and a value behind = is the same as the next argument")
  func random() throws {
    let words = [
      "send", "open", "box", "crate", "pass", "help", "-h", "--help", "--", "-", "--json",
      "--json=",
      "--store", "--store=", "--profile", "x", "--size", "3", "--sort", "-id", "--colour", "red",
      "--=", "---", "--yes", "h-1", "", "=", "-x", "--version", "\u{0}", "é",
    ]
    var generator = SeededRandom(seed: 19)
    var taken = 0
    for _ in 0..<4_000 {
      let line = (0..<Int.random(in: 0...7, using: &generator)).compactMap { _ in
        words.randomElement(using: &generator)
      }
      for index in [Int.min, -1, line.count + 1, .max] {
        #expect(CompletionRequest(Demo.grammar, line, index: index) == nil, "\(line)")
      }
      for index in 0...line.count {
        let request = CompletionRequest(Demo.grammar, line, index: index)
        #expect(request?.lines { _, _ in ["x"] } != nil, "\(line) at \(index)")
      }
      guard let parsed = try? Demo.grammar.parse(line) else { continue }
      taken += 1
      let other = joined(line)
      // SAFETY: a refusal is a failure of the expectations.
      let again = try? Demo.grammar.parse(other)
      #expect(again?.product == parsed.product, "\(line) and \(other)")
      #expect(again?.path == parsed.path, "\(line) and \(other)")
      #expect(again?.shared == parsed.shared, "\(line) and \(other)")
    }
    #expect(taken > 100)
  }
}
