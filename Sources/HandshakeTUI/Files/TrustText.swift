import Model
import ReviewInbox
import Text

/// The trust list as TOML: one table for each organization, sorted by id.
///
/// The order lets two versions of the file be compared line by line.
///
///     [o-a1b2c3d4e5]
///     management_account = "999900001111"
///     name = "Acme Holdings"
///     added_at = "2026-11-22T14:32:10.000Z"
///     added_by = "anna"
enum TrustText {
  /// Returns the text of the file.
  static func write(_ list: TrustList) -> String {
    let head = "# The trust list, written by handshake trust add.\n"
    return list.sorted.reduce(into: head) { text, entry in
      text += "\n[\(entry.organization.text)]\n"
      text += "management_account = \"\(entry.managementAccount.text)\"\n"
      if !entry.name.isEmpty { text += "name = \(quoted(entry.name))\n" }
      text += "added_at = \"\(entry.addedAt.journalText)\"\n"
      text += "added_by = \(quoted(entry.addedBy))\n"
    }
  }

  /// Parses a whole list.
  ///
  /// Anything that is not understood is an error, because the next change rewrites the file and
  /// would drop it.
  ///
  /// - Throws: `TrustFileError` for invalid TOML, a key before the first table, an invalid
  ///   organization id, account or time, an unknown key, a value that is not a string, or a table
  ///   without an account.
  static func read(_ bytes: [UInt8]) throws(TrustFileError) -> TrustList {
    let document: TOMLDocument
    do throws(TOMLError) {
      document = try TOMLDocument(bytes)
    } catch {
      throw TrustFileError(line: error.line, problem: error.problem)
    }
    if let stray = document.root.entries.first {
      throw TrustFileError(
        line: stray.line, problem: "\"\(stray.key)\" comes before the first [organization id]")
    }
    var entries: [TrustedOrganization] = []
    for table in document.tables {
      guard let id = OrganizationID(table.name) else {
        throw TrustFileError(
          line: table.line, problem: "[\(table.name)] is not an organization id")
      }
      entries.append(try entry(id, table))
    }
    return TrustList(entries)
  }

  private enum Member: String {
    case account = "management_account"
    case name
    case addedAt = "added_at"
    case addedBy = "added_by"
  }

  private static func entry(
    _ id: OrganizationID, _ table: TOMLTable
  ) throws(TrustFileError) -> TrustedOrganization {
    var account: AccountID?
    var (name, addedBy) = (Untrusted(""), Untrusted(""))
    var addedAt = Timestamp(milliseconds: 0)
    for entry in table.entries {
      func refused(_ problem: String) -> TrustFileError {
        TrustFileError(line: entry.line, problem: "[\(id.text)] \(problem)")
      }
      guard let member = Member(rawValue: entry.key) else {
        throw refused("has the unknown key \"\(entry.key)\"")
      }
      guard let text = entry.value.text else { throw refused("needs \(entry.key) in quotes") }
      switch member {
      case .account:
        account = AccountID(text)
        if account == nil { throw refused("needs a management_account of 12 digits in quotes") }
      case .name: name = Untrusted(text)
      case .addedBy: addedBy = Untrusted(text)
      case .addedAt:
        guard let time = Timestamp(reading: text.utf8) else {
          throw refused("needs an added_at like \"2026-11-22T14:32:10.000Z\"")
        }
        addedAt = time
      }
    }
    guard let account else {
      throw TrustFileError(
        line: table.line, problem: "[\(id.text)] has no management_account of 12 digits in quotes")
    }
    return TrustedOrganization(
      organization: id, managementAccount: account, name: name, addedAt: addedAt, addedBy: addedBy)
  }

  /// Returns a TOML basic string in which quotes, backslashes, controls and non-ASCII are escaped.
  ///
  /// So a name from elsewhere cannot disguise itself in an editor either.
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

/// The reason to refuse a trust list; half a list would make known organizations look unknown.
struct TrustFileError: Error, Hashable {
  /// The number of the line, from 1.
  var line: Int
  /// The problem, which may quote the file and is made printable before it is shown.
  var problem: String
}
