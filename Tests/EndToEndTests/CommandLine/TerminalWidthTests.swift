import TestSupport
import Testing

/// Runs the real program on terminals of several widths.
@Suite("Commands on a terminal") struct TerminalWidthTests {
  private static func document(_ text: String) -> String {
    """
    {"Handshakes":[{"Id":"h-7d1f0c2a9b44e8aa",\
    "Arn":"arn:aws:organizations::999900001111:handshake/o-a1b2c3d4e5/invite/h-7d1f0c2a9b44e8aa",\
    "Parties":[{"Id":"a1b2c3d4e5","Type":"ORGANIZATION"},{"Id":"222233334444","Type":"ACCOUNT"}],\
    "State":"OPEN","RequestedTimestamp":1795357930,"ExpirationTimestamp":1896653930,"Action":"INVITE",\
    "Resources":[{"Value":"o-a1b2c3d4e5","Type":"ORGANIZATION","Resources":[\
    {"Value":"\(text)","Type":"MASTER_NAME"}]},{"Value":"222233334444","Type":"ACCOUNT"},\
    {"Value":"\(text)","Type":"NOTES"}]}]}
    """
  }

  @Test(
    "no physical row begins with a sender's text",
    arguments: [40, 80, 132],
    [
      String(repeating: "Q", count: 700), "Q" + String(repeating: " ", count: 300) + "Q ok",
      String(repeating: "Q ok ", count: 90),
    ])
  func rows(_ columns: Int, _ text: String) throws {
    let stage = try Stage()
    try stage.write(Self.document(text), to: "saved.json")
    let path = stage.home.path + "/saved.json"
    for command in [["show", "h-7d1f0c2a9b44e8aa"], ["list"]] {
      // COLUMNS differs from the terminal's width.
      let terminal = try PseudoTerminal(
        [try Stage.program] + command + ["--input", path],
        environment: stage.environment.merging(["COLUMNS": "300"]) { $1 }, columns: columns)
      #expect(terminal.writes("new?"))
      #expect(terminal.ending() != nil)
      terminal.settle()
      let lines = String(decoding: terminal.bytes, as: UTF8.self).split(separator: "\r\n")
      #expect(lines.count > 1)
      for line in lines {
        #expect(line.unicodeScalars.count < columns, "\(line)")
        if let first = line.firstIndex(of: "Q") {
          #expect(line[..<first].contains("~ "), "\(line)")
        }
      }
    }
  }
}
