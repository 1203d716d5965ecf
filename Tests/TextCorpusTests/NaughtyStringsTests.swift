import Foundation
import TestSupport
import Testing
import Text

/// The big list of naughty strings (MIT), as notes of a handshake.
@Suite("The big list of naughty strings")
struct NaughtyStringsTests {
  private func strings() throws -> [String] {
    let bytes = try SharedFolder.bytes("corpora/big-list-of-naughty-strings/blns.json")
    return try JSONDecoder().decode([String].self, from: Data(bytes))
  }

  @Test("is complete")
  func count() throws {
    #expect(try strings().count == 515)
  }

  @Test("is restored from the full form", arguments: [Charset.utf8, .ascii])
  func reversible(_ charset: Charset) throws {
    for string in try strings() {
      let full = Sanitiser.render(Untrusted(string), for: .full, in: charset)
      #expect(try Sanitiser.unescape(Untrusted(full), in: charset) == Untrusted(string))
    }
  }

  @Test("reaches no sink with a character that hides or moves text")
  func safe() throws {
    for string in try strings() {
      let text = Untrusted(string)
      for sink in [Sink.cell, .dialog, .full, .log, .clipboard, .csv] {
        let utf8 = Sanitiser.render(text, for: sink, in: .utf8)
        #expect(utf8.unicodeScalars.allSatisfy(isHarmless), "\(utf8)")
        let ascii = Sanitiser.render(text, for: sink, in: .ascii)
        #expect(ascii.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "\(ascii)")
      }
      let detail = Sanitiser.render(text, for: .detail, in: .utf8)
      #expect(detail.unicodeScalars.allSatisfy { $0 == "\n" || isHarmless($0) }, "\(detail)")
    }
  }

  @Test("fits its columns, in a cell and in the detail")
  func fits() throws {
    for string in try strings() {
      let text = Untrusted(string)
      for columns in [1, 7, 16, 40, 80] {
        #expect(DisplayWidth.of(Sanitiser.cell(text, columns: columns, in: .utf8)) <= columns)
        let lines = Sanitiser.lines(text, columns: columns, in: .utf8)
        #expect(lines.allSatisfy { DisplayWidth.of($0.text) <= max(columns, 16) })
      }
    }
  }

  /// Uses the standard library's properties, which the sanitiser does not use.
  private func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    switch properties.generalCategory {
    case .control, .format, .unassigned, .privateUse, .lineSeparator, .paragraphSeparator:
      return false
    case .spaceSeparator:
      return scalar == " "
    default:
      return !properties.isBidiControl && !properties.isDefaultIgnorableCodePoint
    }
  }
}
