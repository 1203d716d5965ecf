import Model
import Review
import TOMLKit
import Text

/// The trust list as TOML: a table for each organization, sorted by id, so that two versions of the
/// file compare line by line.
///
///     [o-a1b2c3d4e5]
///     management_account = "999900001111"
///     name = "Acme Holdings"
///     added_at = "2026-11-22T14:32:10.000Z"
///     added_by = "anna"
enum TrustText {
  static func write(_ list: TrustList) -> String {
    let head = "# The organizations that handshake trust add has listed.\n"
    return list.sorted.reduce(into: head) { text, entry in
      text += "\n[\(entry.organization.text)]\n"
      text += "management_account = \"\(entry.managementAccount.text)\"\n"
      if !entry.name.isEmpty { text += "name = \(quoted(entry.name))\n" }
      text += "added_at = \"\(entry.addedAt.journalText)\"\n"
      text += "added_by = \(quoted(entry.addedBy))\n"
    }
  }

  static func read(_ bytes: [UInt8]) throws(TrustFileError) -> TrustList {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw TrustFileError(line: 1, problem: "not UTF-8")
    }
    let table: TOMLTable
    do {
      table = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      throw TrustFileError(line: error.source.begin.line, problem: error.description)
    } catch {
      throw TrustFileError(line: 1, problem: String(describing: error))
    }
    let lines = TOMLLines(text)
    var entries: [TrustedOrganization] = []
    for name in table.keys.sorted() {
      let line = lines.line(of: name)
      guard let id = OrganizationID(name), let members = table[name]?.table else {
        throw TrustFileError(line: line, problem: "[\(name)] is not an organization id")
      }
      entries.append(try entry(id, members, line))
    }
    return TrustList(entries)
  }

  private static let members = ["management_account", "name", "added_at", "added_by"]

  private static func entry(
    _ id: OrganizationID, _ table: TOMLTable, _ line: Int
  ) throws(TrustFileError) -> TrustedOrganization {
    for key in table.keys where !members.contains(key) {
      throw TrustFileError(line: line, problem: "[\(id.text)] has the unknown key \"\(key)\"")
    }
    guard let account = table["management_account"]?.string.flatMap({ AccountID($0) }) else {
      throw TrustFileError(
        line: line, problem: "[\(id.text)] has no management_account of 12 digits in quotes")
    }
    let time = table["added_at"]?.string.flatMap { Timestamp(iso8601: $0.utf8) }
    return TrustedOrganization(
      organization: id, managementAccount: account,
      name: Untrusted(table["name"]?.string ?? ""),
      addedAt: time ?? Timestamp(milliseconds: 0),
      addedBy: Untrusted(table["added_by"]?.string ?? ""))
  }

  /// A basic string: controls, quotes and what is not ASCII as `\u` escapes, so that a list from
  /// elsewhere cannot disguise a name in an editor either.
  private static func quoted(_ text: Untrusted) -> String {
    var out = "\""
    for scalar in String(decoding: text.bytes, as: UTF8.self).unicodeScalars {
      switch scalar.value {
      case 0x22, 0x5C: out += "\\" + String(scalar)
      case 0x20...0x7E: out.unicodeScalars.append(scalar)
      case ...0xFFFF: out += "\\u" + hexadecimal(scalar.value, 4)
      default: out += "\\U" + hexadecimal(scalar.value, 8)
      }
    }
    return out + "\""
  }

  private static func hexadecimal(_ value: UInt32, _ digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }
}
