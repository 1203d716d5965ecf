import Model
import Text

/// Asks for an organization's id a second time before it is trusted.
struct TrustQuestion {
  let run: Invocation
  /// Longer than any id.
  private static let longest = 128

  /// - Throws: When the second id is another one, or nobody can be asked.
  func confirm(
    _ id: OrganizationID, managedBy account: AccountID
  ) throws(CommandFailure) {
    guard run.console.isTerminal(.input), run.console.isTerminal(.errors) else {
      throw CommandFailure(
        .refused, "nothing was listed",
        why: "listing \(id.text) with \(account.text) has to be confirmed by --yes",
        remedy: run.confirmingLine)
    }
    run.ask("type the organization's id again, from the ticket: ")
    let typed = run.console.readLine(limit: Self.longest) ?? []
    guard Self.trimmed(typed).elementsEqual(id.text.utf8) else {
      let shown = run.ink.full(Untrusted(bytes: typed))
      throw CommandFailure(
        .refused, "nothing was listed", why: "\(id.text) and then \"\(shown)\" were given",
        remedy: "Compare both with the ticket, then begin again.")
    }
  }

  /// Without the blanks that a paste brings along.
  private static func trimmed(_ line: [UInt8]) -> ArraySlice<UInt8> {
    let isBlank = { (byte: UInt8) in [0x20, 0x09, 0x0D].contains(byte) }
    guard let first = line.firstIndex(where: { !isBlank($0) }),
      let last = line.lastIndex(where: { !isBlank($0) })
    else { return [] }
    return line[first...last]
  }
}
