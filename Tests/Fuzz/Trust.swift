import Model
import ReviewInbox
import Text

/// The trust list: all entries of an accepted file are in the result, so writing the list loses
/// nothing; a refusal names its line.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTrust(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = bytes(start, count)
  let lines = input.count { $0 == 0x0A } + 1
  do throws(TrustFileError) {
    let list = try TrustText.read(input)
    promise(!input.contains(0), "what stands behind a NUL is passed over")
    checkNothingIsLost(list, input)
    checkRoundTrip(list)
    checkBelow(list, input)
  } catch {
    promise((1...lines).contains(error.line), "line \(error.line) of \(lines)")
    promise(!error.problem.isEmpty, "refused without a word")
  }
  return 0
}

/// There is one entry for each table, with the values of its table.
private func checkNothingIsLost(_ list: TrustList, _ input: [UInt8]) {
  guard let document = try? TOMLDocument(input) else {
    return promise(false, "a list that is not TOML is taken")
  }
  promise(list.sorted.count == document.tables.count, "an entry is lost")
  for table in document.tables {
    guard let entry = OrganizationID(table.name).flatMap({ list[$0] }) else {
      return promise(false, "[\(table.name)] is lost")
    }
    let account = table["management_account"]?.value.text
    promise(account == entry.managementAccount.text, "another account")
    promise(Untrusted(table["name"]?.value.text ?? "") == entry.name, "another name")
    promise(Untrusted(table["added_by"]?.value.text ?? "") == entry.addedBy, "another operator")
    promise(table.entries.count <= 4, "a key is passed over")
  }
}

private func checkRoundTrip(_ list: TrustList) {
  let again = try? TrustText.read(Array(TrustText.write(list).utf8))
  promise(again == list, "what was taken is another list when it is written down")
}

/// Further down, it is the same.
private func checkBelow(_ list: TrustList, _ input: [UInt8]) {
  guard input.first != 0xEF else { return }
  let below = try? TrustText.read(Array("# a\r\n\r\n".utf8) + input)
  promise(below == list, "below two lines it is another list")
}
