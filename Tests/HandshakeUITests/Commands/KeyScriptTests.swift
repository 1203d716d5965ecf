import Drawing
import HandshakeUI
import Model
import Testing
import Text

@Suite struct KeyScriptTests {
  @Test("a script reads as it is written")
  func reading() throws {
    let script = try KeyScript("j<Enter>a<C-d><F1><lt><Wait:5s><Paste:x y><Size:80x24><S-Tab>")
    #expect(
      script.steps == [
        .key(.character("j")), .key(.enter), .key(.character("a")), .key(.control("d")),
        .key(.function(1)), .key(.character("<")), .wait(.seconds(5)), .paste(Untrusted("x y")),
        .resize(Size(columns: 80, rows: 24)), .key(.backTab),
      ])
  }

  @Test(
    "an invalid key is named",
    arguments: [
      ("<Enter", KeyScript.Problem.open), ("<Nope>", .unknown("Nope")),
      ("<Size:80>", .unknown("Size:80")), ("<F99>", .unknown("F99")),
    ])
  func problems(text: String, problem: KeyScript.Problem) {
    #expect(throws: problem) { try KeyScript(text) }
  }

  @Test("a text field edits as a shell does")
  func editing() {
    var field = LineEditor("one two")
    for key in [Key.control("w"), .character("3"), .home, .character(">"), .end, .backspace] {
      let isTaken = field.press(key)
      #expect(isTaken)
    }
    #expect(field.text == ">one ")
    field.paste(Untrusted("a\r\nb\u{1B}[2J"))
    #expect(field.text == ">one a  b[2J")
    let takesEnter = field.press(.enter)
    #expect(!takesEnter)
  }
}
